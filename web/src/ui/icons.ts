// The names of the drawn signs; their shapes are masks in styles/icons.css.

export const ICONS = [
  "accessibility", "arrow-left-right", "arrow-right", "arrow-up", "bell", "building-2", "calendar-days", "calendar-plus", "captions", "check",
  "chevron-down", "chevron-left", "chevron-right", "circle-dot", "clock", "coffee", "copy", "download", "ellipsis", "eye", "eye-off", "file-check",
  "file-text", "film", "flag", "globe", "grip-vertical", "hand", "headphones", "history", "keyboard", "landmark", "languages", "link", "list-checks",
  "lock", "log-out", "mail", "map-pin", "maximize", "megaphone", "message-square", "mic", "mic-off", "monitor", "music", "paperclip", "pause",
  "pencil", "phone", "play", "plus", "presentation", "printer", "radio", "rss", "scan", "search", "settings", "shield-check", "signature",
  "skip-forward", "square-pen", "timer", "trash-2", "triangle-alert", "undo-2", "upload", "user", "users", "video", "video-off", "volume-2",
  "volume-off", "wifi", "wifi-off", "x",
] as const;
export type IconName = (typeof ICONS)[number];
