package io.github.ephemeralchat.spring;

import static io.github.ephemeralchat.spring.ChatStartException.set;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.MessageGuard;
import io.github.ephemeralchat.RoomListener;
import io.github.ephemeralchat.WelcomeCheck;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/** The rooms, with or without a web application around them. */
@AutoConfiguration
@EnableConfigurationProperties(EphemeralChatProperties.class)
@ImportRuntimeHints(ChatRuntimeHints.class)
public class EphemeralChatAutoConfiguration {

    EphemeralChatAutoConfiguration() {
        String version = SpringBootVersion.getVersion();
        if (version.startsWith("3.")) {
            // Parts of it would find what they need, such as the servlet, and others not, such as the exception from
            // CSRF.
            throw new ChatStartException(
                    "ephemeral-chat-spring-boot-starter is for Spring Boot 4; this application is on " + version + ".",
                    "In place of the starter add ephemeral-chat-memory and ephemeral-chat-sse, and mount the servlet as"
                            + " docs/SPRING-BOOT.md says under \"On Boot 3.5\".");
        }
    }

    @Bean
    @ConditionalOnMissingBean
    RoomStore ephemeralChatStore(
            EphemeralChatProperties properties,
            @Qualifier("ephemeralChatTime") ObjectProvider<InstantSource> timeOfATest) {
        if (properties.store() != EphemeralChatProperties.Store.MEMORY) {
            String store = properties.store().name().toLowerCase(Locale.ROOT);
            throw new ChatStartException(
                    "ephemeral-chat.store=" + store + " needs the module ephemeral-chat-" + store
                            + ", which is not on the class path.",
                    "Add the dependency io.github.ephemeralchat:ephemeral-chat-" + store + ".");
        }
        var memory = properties.memory();
        var store = MemoryRoomStore.builder().logLimits(logLimits(properties));
        set("memory.max-rooms", memory.maxRooms(), store::maxRooms);
        if (memory.maxSize() != null) {
            set("memory.max-size", memory.maxSize().toBytes(), store::maxBytes);
        }
        timeOfATest.ifAvailable(store::timeSource);
        return store.build();
    }

    static LogLimits logLimits(EphemeralChatProperties properties) {
        var log = properties.log();
        set("log.max-entries", log.maxEntries(), entries -> new LogLimits(entries, 1));
        set("log.max-text", log.maxText().toBytes(), bytes -> new LogLimits(1, bytes));
        return new LogLimits(log.maxEntries(), log.maxText().toBytes());
    }

    @Bean
    @ConditionalOnMissingBean
    RoomBroadcaster ephemeralChatBroadcaster() {
        return RoomBroadcaster.local();
    }

    @Bean
    @ConditionalOnMissingBean
    EphemeralChatService ephemeralChatService(
            RoomStore store,
            RoomBroadcaster broadcaster,
            ObjectProvider<ChatObserver> observers,
            ObjectProvider<RoomListener> listeners,
            ObjectProvider<MessageGuard> guard,
            ObjectProvider<WelcomeCheck> welcome,
            ConfigurableApplicationContext application,
            EphemeralChatProperties properties) {
        var service = EphemeralChatService.builder(store)
                .broadcaster(broadcaster)
                .roomListener(new ChatEventPublisher(application));
        set("max-ttl", properties.maxTtl(), ChatHttpSettings.builder()::maxTtl);
        Duration longestLife = Objects.requireNonNullElse(properties.longestLife(), properties.maxTtl());
        set("longest-life", longestLife, service::longestLife);
        set("host-name", properties.hostName(), service::hostName);
        observers.orderedStream().forEach(service::observer);
        listeners.orderedStream().forEach(service::roomListener);
        guard.ifAvailable(service::guard);
        welcome.ifAvailable(service::stillWelcome);
        return service.build();
    }
}
