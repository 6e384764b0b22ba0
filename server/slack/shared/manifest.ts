/** What the app may do, each with what it is for. */
export const slackScopes: Readonly<Record<string, string>> = {
  "chat:write": "posts cards, updates and answers",
  "chat:write.public": "posts in public channels that it was not invited to",
  commands: "/muster and the shortcut",
  "users:read": "who pressed a button or typed a command",
  "users:read.email": "matches people with their accounts",
  "im:write": "reaches people by direct message",
  "channels:manage": "opens and archives the channels of incidents, sets their topics, brings people in",
  "channels:read": "finds a channel that it made when the answer was lost",
  "channels:history": "mirrors the talk of incidents' channels, finds a message whose answer was lost",
  "reactions:read": "keeps a message as a note by a pushpin",
};

const events = [
  "channel_archive",
  "channel_deleted",
  "channel_rename",
  "channel_unarchive",
  "message.channels",
  "reaction_added",
];

/** The app's manifest for a server at this address, as Slack takes it under *Create an app → From a manifest*. Pure. */
export function slackManifest(publicUrl: string) {
  const url = publicUrl.replace(/\/+$/, "");
  return {
    display_information: {
      name: "Muster",
      description: "The war room for incidents",
      background_color: "#1a1d21",
    },
    features: {
      bot_user: { display_name: "Muster", always_online: true },
      shortcuts: [
        {
          name: "Keep as a note",
          type: "message",
          callback_id: "message.keep",
          description: "Keeps the message in the incident's timeline",
        },
      ],
      slash_commands: [
        {
          command: "/muster",
          url: `${url}/slack/commands`,
          description: "Declare an incident and work on it",
          usage_hint: "declare | update | status | role | who | page | resolve | help",
          should_escape: true,
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(slackScopes) } },
    settings: {
      event_subscriptions: { request_url: `${url}/slack/events`, bot_events: events },
      interactivity: { is_enabled: true, request_url: `${url}/slack/interactions` },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}
