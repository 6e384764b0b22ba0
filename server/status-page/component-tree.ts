import type { PageComponent } from "./model.ts";

/** A component at the top of the page, or a group with what stands in it. */
export type ComponentBranch = { component: PageComponent; children: PageComponent[] };

function isShown(component: PageComponent): boolean {
  return !component.onlyShowIfDegraded || component.status !== "operational";
}

/** Components as the page shows them, in its order: without those that stay off while all is well, and without empty groups. Pure. */
export function componentTree(components: readonly PageComponent[]): ComponentBranch[] {
  return components.flatMap((component) => {
    if (component.groupId !== null) return [];
    const children = components.filter((one) => one.groupId === component.id && isShown(one));
    const isEmpty = component.group ? children.length === 0 : !isShown(component);
    return isEmpty ? [] : [{ component, children }];
  });
}
