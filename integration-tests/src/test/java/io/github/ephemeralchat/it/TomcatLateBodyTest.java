package io.github.ephemeralchat.it;

import jakarta.servlet.Servlet;

class TomcatLateBodyTest extends LateBodyContract {

    @Override
    Container open(Servlet servlet) {
        return Container.tomcat(servlet);
    }
}
