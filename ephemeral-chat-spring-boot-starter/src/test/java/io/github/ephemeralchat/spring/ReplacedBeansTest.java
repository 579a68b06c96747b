package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.micrometer.ChatMetrics;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Each bean gives way to the host's own, one by one, and what cannot work is said at the start. */
class ReplacedBeansTest {

    private static final AutoConfigurations STARTER = AutoConfigurations.of(
            EphemeralChatAutoConfiguration.class,
            EphemeralChatEndpointAutoConfiguration.class,
            EphemeralChatHealthAutoConfiguration.class,
            EphemeralChatLoginAutoConfiguration.class,
            EphemeralChatMetricsAutoConfiguration.class,
            EphemeralChatPostgresqlAutoConfiguration.class,
            EphemeralChatRedisAutoConfiguration.class,
            EphemeralChatSecurityAutoConfiguration.class,
            EphemeralChatServletAutoConfiguration.class);

    private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(STARTER);
    private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(STARTER);

    private static Collection<String> mappings(ApplicationContext context) {
        ServletRegistrationBean<?> registration = context.getBean(ServletRegistrationBean.class);
        return registration.getUrlMappings();
    }

    private <T> void assertReplaced(Class<T> type, T own) {
        web.withBean("own", type, () -> own)
                .run(context -> assertThat(context).hasNotFailed().getBean(type).isSameAs(own));
    }

    @Test
    void storeBroadcasterAndService_giveWay() {
        RoomStore store = MemoryRoomStore.create();
        RoomBroadcaster broadcaster = RoomBroadcaster.local();
        assertReplaced(RoomStore.class, store);
        assertReplaced(RoomBroadcaster.class, broadcaster);
        assertReplaced(EphemeralChatService.class, EphemeralChatService.create(store));
    }

    @Test
    void settingsServletAndRegistration_giveWay() {
        assertReplaced(ChatHttpSettings.class, ChatHttpSettings.defaults());
        EphemeralChatServlet servlet = new EphemeralChatServlet(
                EphemeralChatService.create(MemoryRoomStore.create()), ChatHttpSettings.defaults());
        web.withBean("own", EphemeralChatServlet.class, () -> servlet)
                .run(context -> assertThat(
                                context.getBean(ServletRegistrationBean.class).getServlet())
                        .isSameAs(servlet));
        web.withUserConfiguration(OwnRegistration.class)
                .run(context -> assertThat(mappings(context)).containsExactly("/talk/*"));
    }

    /** A host that mounts the servlet itself. */
    @Configuration(proxyBeanMethods = false)
    static class OwnRegistration {

        @Bean
        ServletRegistrationBean<EphemeralChatServlet> talk(EphemeralChatService service, ChatHttpSettings settings) {
            return new ServletRegistrationBean<>(new EphemeralChatServlet(service, settings), "/talk/*");
        }
    }

    @Test
    void healthIndicator_givesWay() {
        HealthIndicator own = () -> null;
        web.withBean("ephemeralChatHealthIndicator", HealthIndicator.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(HealthIndicator.class).isSameAs(own));
        web.withPropertyValues("management.health.ephemeral-chat.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void metrics_giveWay_andOtherObserversAreCalled() {
        AtomicInteger rooms = new AtomicInteger();
        ChatMetrics own = new ChatMetrics(new SimpleMeterRegistry());
        web.withBean(SimpleMeterRegistry.class)
                .withBean("own", ChatMetrics.class, () -> own)
                .withBean("other", ChatObserver.class, () -> new ChatObserver() {
                    @Override
                    public void roomCreated() {
                        rooms.incrementAndGet();
                    }
                })
                .run(context -> {
                    context.getBean(EphemeralChatService.class)
                            .createRoom(RoomOptions.defaults(), Identity.anonymous());
                    assertThat(context).getBean(ChatMetrics.class).isSameAs(own);
                    assertThat(rooms).hasValue(1);
                });
    }

    @Test
    void withoutWeb_thereAreRoomsAndNoServlet() {
        plain.run(context -> assertThat(context)
                .hasSingleBean(EphemeralChatService.class)
                .doesNotHaveBean(ServletRegistrationBean.class));
    }

    @Test
    void servlet_isMountedWhereThePropertiesSay() {
        web.withPropertyValues("ephemeral-chat.base-path=/support/chat")
                .run(context -> assertThat(mappings(context)).containsExactly("/support/chat/*"));
        for (String wrong : List.of("chat", "/chat/", "/", "/*")) {
            web.withPropertyValues("ephemeral-chat.base-path=" + wrong)
                    .run(context -> assertThat(context).hasFailed());
        }
    }

    @Test
    void optionalDependencies_areNotNeeded() {
        web.withClassLoader(new FilteredClassLoader(
                        "io.github.ephemeralchat.redis",
                        "io.github.ephemeralchat.micrometer",
                        "io.micrometer",
                        "io.lettuce",
                        "org.springframework.data",
                        "org.springframework.security",
                        "org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(ServletRegistrationBean.class));
    }
}
