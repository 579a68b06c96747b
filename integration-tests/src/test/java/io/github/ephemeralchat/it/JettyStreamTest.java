package io.github.ephemeralchat.it;

import io.github.ephemeralchat.sse.EphemeralChatServlet;

class JettyStreamTest extends StreamContract {

    @Override
    Container start(EphemeralChatServlet servlet) {
        return Container.jetty(servlet);
    }
}
