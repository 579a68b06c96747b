package io.github.ephemeralchat.it;

import io.github.ephemeralchat.sse.EphemeralChatServlet;

class TomcatStreamTest extends StreamContract {

    @Override
    Container start(EphemeralChatServlet servlet) {
        return Container.tomcat(servlet);
    }
}
