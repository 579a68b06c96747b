import "/ephemeral-chat/element/ephemeral-chat-element.js";
import type { ElementEventMap, EphemeralChatElement } from "/ephemeral-chat/element/ephemeral-chat-element.js";
import { type DetailedHTMLProps, type HTMLAttributes, useState } from "react";
import { createRoot } from "react-dom/client";

type ChatProps = DetailedHTMLProps<HTMLAttributes<EphemeralChatElement>, EphemeralChatElement> &
  Partial<Pick<EphemeralChatElement, "base" | "code" | "name" | "link" | "encryption" | "options" | "words">> & { features?: string } & {
    [Type in keyof ElementEventMap as `on${Type}`]?: (event: ElementEventMap[Type]) => void;
  };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "ephemeral-chat": ChatProps;
    }
  }
}

function Help({ code }: { code: string }) {
  const [latest, setLatest] = useState("");
  return (
    <>
      <ephemeral-chat base="/chat" code={code} name="Ada" features="auto-join leave" onmessage={({ detail }) => setLatest(detail.text ?? "")} />
      <p>{latest}</p>
    </>
  );
}

createRoot(document.getElementById("app")!).render(<Help code={location.hash.slice(1)} />);
