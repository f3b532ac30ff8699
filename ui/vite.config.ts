import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

// What the API owns; everything else is the interface's (src/routes.ts).
const API = ["/about", "/attachments", "/auth", "/boards", "/columns", "/comments", "/health", "/labels", "/subtasks", "/tasks", "/users", "/docs", "/openapi.json"];
// What is loaded when it is opened: the board itself needs none of these. Everything else is one script.
const LATER = /node_modules\/(markdown-it|entities|linkify-it|mdurl|punycode\.js|uc\.micro)\/|src\/(i18n\/ru\/|screens\/(?!(Board|Lost)\.)|parts\/(AddLink|ArchivedColumns|Ask|AttachmentRow|Attachments|Brand|ColumnSettings|Comment|CommentField|Comments|Composer|Description|Drawer|DuePicker|FileIcon|Files|Help|Invitations|LabelPicker|LabelSettings|Linked|LostDrafts|Markdown|Merge|MoveMenu|NewPasswordField|Overtaken|Palette|Panel|Password|PeoplePicker|Reactions|Selection|SignIn|SignInSheet|SignIns|Subtasks|Swatches|TaskLabels|Thumbnail|Title|Tokens|UploadRow|Viewer)\.|markdown\/|board\/(attaching|commenting|comments|emoji|geotag|labelling|links|mentions|names|subtasks|thread|uploads)\.|api\/upload\.|gestures\/hold\.|app\/(attachments|coalesced|comments|details|files|leaving|pictures)|i18n\/(agents|later|moments|en\/(later|activity|admin|attachments|comments|entry|invited|keys|me|my|palette|panel|people|sample|settings)\.))/;

function isAtOnce(id: string): boolean {
  return !LATER.test(id);
}

const server = process.env.DOSKA_URL ?? "http://localhost:8000";

export default defineConfig({
  plugins: [tailwindcss(), svelte()],
  build: {
    outDir: "../src/doska/pages",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: false, // a single script: there is nothing to load before it
    assetsInlineLimit: 0, // the page's policy allows no data: addresses
    reportCompressedSize: false,
    cssCodeSplit: false, // one style sheet: a board loads the page, one script and it
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "index", test: isAtOnce, includeDependenciesRecursively: false }] } } },
  },
  server: {
    proxy: Object.fromEntries(API.map((prefix) => [`^${prefix}(?=/|\\?|$)`, { target: server }])),
  },
});
