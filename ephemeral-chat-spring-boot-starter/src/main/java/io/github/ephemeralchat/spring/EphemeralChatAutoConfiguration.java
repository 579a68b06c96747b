package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.MessageGuard;
import io.github.ephemeralchat.RoomListener;
import io.github.ephemeralchat.WelcomeCheck;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import java.util.Locale;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The rooms, with or without a web application around them. */
@AutoConfiguration
@EnableConfigurationProperties(EphemeralChatProperties.class)
public class EphemeralChatAutoConfiguration {

    EphemeralChatAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    RoomStore ephemeralChatStore(EphemeralChatProperties properties) {
        if (properties.store() != EphemeralChatProperties.Store.MEMORY) {
            String store = properties.store().name().toLowerCase(Locale.ROOT);
            throw new IllegalStateException(
                    "ephemeral-chat.store=" + store + " needs the dependency ephemeral-chat-" + store);
        }
        var memory = properties.memory();
        var store = MemoryRoomStore.builder().maxRooms(memory.maxRooms()).logLimits(logLimits(properties));
        if (memory.maxSize() != null) {
            store.maxBytes(memory.maxSize().toBytes());
        }
        return store.build();
    }

    static LogLimits logLimits(EphemeralChatProperties properties) {
        var log = properties.log();
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
                .longestLife(Objects.requireNonNullElse(properties.longestLife(), properties.maxTtl()))
                .hostName(properties.hostName())
                .roomListener(new ChatEventPublisher(application));
        observers.orderedStream().forEach(service::observer);
        listeners.orderedStream().forEach(service::roomListener);
        guard.ifAvailable(service::guard);
        welcome.ifAvailable(service::stillWelcome);
        return service.build();
    }
}
