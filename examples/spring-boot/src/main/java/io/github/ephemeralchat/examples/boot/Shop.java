package io.github.ephemeralchat.examples.boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application. */
@SpringBootApplication
class Shop {

    Shop() {}

    /**
     * Starts it.
     *
     * @param arguments Spring Boot's
     */
    public static void main(String[] arguments) {
        SpringApplication.run(Shop.class, arguments);
    }
}
