package io.github.ephemeralchat.spring;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which of the two containers on the test's class path a host runs in. */
final class Containers {

    private Containers() {}

    /** The one. */
    @Configuration(proxyBeanMethods = false)
    static class OnTomcat {

        @Bean
        TomcatServletWebServerFactory webServer() {
            return new TomcatServletWebServerFactory();
        }
    }

    /** The other. */
    @Configuration(proxyBeanMethods = false)
    static class OnJetty {

        @Bean
        JettyServletWebServerFactory webServer() {
            return new JettyServletWebServerFactory();
        }
    }
}
