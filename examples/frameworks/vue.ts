import "/ephemeral-chat/element/ephemeral-chat-element.js";
import type { ElementEventMap } from "/ephemeral-chat/element/ephemeral-chat-element.js";
import { createApp, defineComponent, h, ref } from "vue";

const Help = defineComponent({
  props: { code: { type: String, required: true } },
  setup({ code }) {
    const latest = ref("");
    const onMessage = ({ detail }: ElementEventMap["message"]) => (latest.value = detail.text ?? "");
    return () => [
      h("ephemeral-chat", { base: "/chat", code, name: "Ada", features: "auto-join leave", onMessage }),
      h("p", latest.value),
    ];
  },
});

createApp(Help, { code: location.hash.slice(1) }).mount("#app");
