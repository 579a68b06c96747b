package io.github.ephemeralchat.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Which files of the library's jars a native image has to have. The jars say the same to builds without Spring. */
final class ChatRuntimeHints implements RuntimeHintsRegistrar {

    ChatRuntimeHints() {}

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        hints.resources()
                .registerPattern("META-INF/resources/ephemeral-chat/**")
                .registerPattern("io/github/ephemeralchat/sse/openapi.yaml")
                .registerPattern("io/github/ephemeralchat/redis/*.lua")
                .registerPattern("io/github/ephemeralchat/postgresql/*.sql");
    }
}
