package io.github.ephemeralchat.it;

import jakarta.servlet.Servlet;

class UndertowLateBodyTest extends LateBodyContract {

    @Override
    Container open(Servlet servlet) {
        return Container.undertowInHaste(servlet);
    }
}
