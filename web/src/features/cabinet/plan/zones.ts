// Time zones that a list offers first; a zone that a meeting already has is always among them.

const ZONES = [
  "Europe/Minsk", "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk", "Asia/Krasnoyarsk",
  "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka", "Asia/Almaty", "Asia/Bishkek", "Asia/Dushanbe", "Asia/Tashkent",
  "Asia/Yerevan", "Asia/Baku", "Asia/Tbilisi", "Europe/Chisinau", "Europe/Kyiv", "Europe/Vilnius", "Europe/Riga", "Europe/Warsaw", "Europe/Berlin",
  "Europe/London", "Asia/Shanghai", "UTC",
];

/** IANA names: the one form of a zone that is the same in every language. */
export const zonesWith = (zone: string): readonly { readonly value: string; readonly words: string }[] =>
  (ZONES.includes(zone) ? ZONES : [zone, ...ZONES]).map((value) => ({ value, words: value.replaceAll("_", " ") }));
