// The house rules of the front end as lints. Each ban carries its reason in the message that the tool prints.
import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

const noLocaleDates = {
  selector: "CallExpression[callee.property.name=/^toLocale(Date|Time)?String$/]",
  message: "Browsers have no Belarusian dates: take the server's words, or digits from ui/Clock.",
};
const noKeyByLetter = {
  selector: "BinaryExpression[left.property.name='key'][right.type='Literal'][right.value=/^[a-zA-Z]$/]",
  message: "A Russian or Belarusian layout gives another letter: compare event.code (features/room/keys.ts).",
};
const noInlineMarkup = {
  selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
  message: "Words of people are text, never markup.",
};
const onlyOneFetches = {
  selector: "CallExpression[callee.name='fetch'], NewExpression[callee.name=/^(XMLHttpRequest|WebSocket)$/]",
  message: "The server is asked in src/api/client.ts only.",
};
const withoutReact = {
  patterns: [{ group: ["react", "react-dom", "react-dom/*", "*.tsx", "**/features/**", "**/ui/**"], message: "Logic is out of React: components watch it, it knows none of them." }],
};
const spectator = {
  paths: [{ name: "livekit-client", allowTypeImports: true, message: "The spectator's page ships nothing that can capture: use livekit-client/listen." }],
  patterns: [
    { group: ["**/browserCapture", "**/livekitConnection", "**/roomStore", "**/features/room/**"], allowTypeImports: true, message: "The spectator's page ships nothing that can capture." },
  ],
};

export default typescript.config(
  { ignores: ["node_modules/**", "eslint.config.js", "scripts/*.mjs"] },
  ...typescript.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // Numbers in a template are numbers for people here, always of a known type.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `() => void act()` is our form for "started on purpose, answers nobody".
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true, ignoreVoidOperator: true }],
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // Index signatures of style modules and data attributes are read by name everywhere.
      "@typescript-eslint/dot-notation": "off",
      "max-lines": ["error", { max: 400 }],
      complexity: ["error", 15],
      "no-restricted-syntax": ["error", noLocaleDates, noKeyByLetter, noInlineMarkup, onlyOneFetches],
      "no-console": "error",
    },
  },
  // Made by scripts/shapes.py: as long as the interface is wide.
  { files: ["src/api/shapes.ts"], rules: { "max-lines": "off" } },
  { files: ["src/api/client.ts"], rules: { "no-restricted-syntax": ["error", noLocaleDates, noKeyByLetter, noInlineMarkup] } },
  { files: ["src/media/*.ts", "src/live/*.ts", "src/api/*.ts"], rules: { "@typescript-eslint/no-restricted-imports": ["error", withoutReact] } },
  {
    files: ["src/entries/watch.tsx", "src/features/watch/**", "src/media/listenConnection.ts", "src/media/livekitRoom.ts", "src/media/watchStore.ts", "src/stage/**"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", spectator] },
  },
);
