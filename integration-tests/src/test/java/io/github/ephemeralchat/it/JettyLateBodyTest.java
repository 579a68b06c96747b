package io.github.ephemeralchat.it;

import jakarta.servlet.Servlet;

class JettyLateBodyTest extends LateBodyContract {

    @Override
    Container open(Servlet servlet) {
        return Container.jetty(servlet);
    }
}
