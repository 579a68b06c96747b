package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.WebUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** What docs/SPRING-BOOT.md says, as a reader would paste it. */
class SpringBootDocsTest {

    private static final String IMPORTS = """
            import io.github.ephemeralchat.*;
            import io.github.ephemeralchat.model.*;
            import io.github.ephemeralchat.spring.*;
            import io.github.ephemeralchat.sse.RequestHooks;
            import jakarta.servlet.http.HttpServletRequest;
            import java.util.Map;
            import org.springframework.boot.CommandLineRunner;
            import org.springframework.context.annotation.*;
            import org.springframework.context.event.EventListener;
            import org.springframework.security.config.Customizer;
            import org.springframework.security.config.annotation.web.builders.HttpSecurity;
            import org.springframework.security.web.SecurityFilterChain;
            """;

    private static final String NO_SECURITY = Stream.of(
                    "UserDetailsServiceAutoConfiguration",
                    "web.servlet.ServletWebSecurityAutoConfiguration",
                    "web.servlet.SecurityFilterAutoConfiguration",
                    "actuate.web.servlet.ManagementWebSecurityAutoConfiguration")
            .map(name -> "org.springframework.boot.security.autoconfigure." + name + ",")
            .collect(Collectors.joining());

    @TempDir
    private Path directory;

    /** A host before it read the page. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {

        @Bean
        UserDetailsService accounts() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("anna")
                            .password("{noop}a")
                            .roles("CUSTOMER")
                            .build(),
                    User.withUsername("ben").password("{noop}b").build());
        }
    }

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("project.root"), "docs", "SPRING-BOOT.md"));
    }

    private static List<String> blocks(String kind) throws IOException {
        return Pattern.compile("```" + kind + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page())
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    /** All but the last, which is for Boot 3.5. */
    private Class<?>[] compiled() throws Exception {
        List<String> blocks = blocks("java");
        List<Class<?>> classes = new ArrayList<>(List.of(Host.class));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            for (int i = 0; i < blocks.size() - 1; i++) {
                String name = "Block" + i;
                Path source = directory.resolve(name + ".java");
                Files.writeString(
                        source, IMPORTS + "@Configuration public class " + name + " { " + blocks.get(i) + " }");
                ByteArrayOutputStream errors = new ByteArrayOutputStream();
                int status = ToolProvider.getSystemJavaCompiler()
                        .run(null, null, errors, "-parameters", "-proc:none", source.toString());
                assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
                classes.add(loader.loadClass(name));
            }
            return classes.toArray(Class<?>[]::new);
        }
    }

    @Test
    void javaBlocks_makeAnApplication_asThePageSays() throws Exception {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(compiled())
                .sources(Containers.OnJetty.class)
                .properties(
                        "server.port=0",
                        "spring.main.banner-mode=off",
                        "logging.level.root=warn",
                        "spring.autoconfigure.exclude=" + GracefulShutdownTest.NO_DATABASE)
                .run()) {
            WebUser guest = new WebUser(StarterContract.address(application));
            assertThat(guest.post("/chat/rooms", "{}").status()).isEqualTo(401);
            assertThat(guest.post("/chat/rooms", "{}", "Authorization", basic("ben", "b"))
                            .status())
                    .as("no customer")
                    .isEqualTo(403);
            assertThat(guest.post("/chat/rooms", "{}", "Authorization", basic("anna", "a"))
                            .body())
                    .contains("\"name\":\"Anna from the shop\"");
            assertThat(SpringApplication.exit(application)).isZero();
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void firstCommand_createsARoom_withTheStarterAlone() throws Exception {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(
                        Bare.class, Containers.OnTomcat.class)
                .properties(
                        "server.port=0",
                        "spring.main.banner-mode=off",
                        "logging.level.root=warn",
                        "spring.autoconfigure.exclude=" + NO_SECURITY + GracefulShutdownTest.NO_DATABASE)
                .run()) {
            URI address = StarterContract.address(application);
            String command = blocks("sh").get(0).replace("http://localhost:8080", address.toString());
            Process shell = new ProcessBuilder("sh", "-c", command).start();
            String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).contains("\"token\"", "\"room\"");
        }
    }

    /** Five minutes after it was made. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Bare {}

    @Test
    void properties_areAccepted_andRedisIsWhereTheySay() throws Exception {
        try (RedisProcess redis = RedisProcess.startWithPassword()) {
            String uri = "redis://:" + RedisProcess.PASSWORD + "@localhost:" + redis.port();
            for (String block : blocks("properties")) {
                Properties properties = new Properties();
                properties.load(new StringReader(block.replace("redis://localhost:6379", uri)));
                WebApplicationContextRunner runner = new WebApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(
                                EphemeralChatAutoConfiguration.class, EphemeralChatRedisAutoConfiguration.class));
                for (String name : properties.stringPropertyNames()) {
                    assertThat(known()).as(name).contains(name.replace("readiness.include", ""));
                    runner = runner.withPropertyValues(name + "=" + properties.getProperty(name));
                }
                if (block.contains("redis.uris")) {
                    runner.run(context -> assertThat(context).hasNotFailed().hasSingleBean(RedisChat.class));
                }
            }
        }
    }

    private static String known() throws IOException {
        return metadata().stream().map(ConfigurationMetadataProperty::getId).toList()
                + " management.endpoint.health.group. management.endpoints.web.exposure.include";
    }

    private static List<ConfigurationMetadataProperty> metadata() throws IOException {
        try (var in = SpringBootDocsTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return List.copyOf(ConfigurationMetadataRepositoryJsonBuilder.create(in)
                    .build()
                    .getAllProperties()
                    .values());
        }
    }

    @Test
    void table_isWhatTheMetadataSay() throws IOException {
        List<String> rows = page().lines()
                .filter(line -> line.startsWith("| `ephemeral-chat."))
                .toList();
        List<String> expected = metadata().stream()
                .filter(property -> property.getId().startsWith("ephemeral-chat."))
                .map(property ->
                        "| `%s` |%s| %s |".formatted(property.getId(), defaultOf(property), property.getDescription()))
                .toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static String defaultOf(ConfigurationMetadataProperty property) {
        Object value = property.getDefaultValue();
        return value == null ? " " : " `" + value + "` ";
    }

    @Test
    void dependency_isThisModule() throws IOException {
        assertThat(blocks("xml").get(0))
                .contains("<artifactId>ephemeral-chat-spring-boot-starter</artifactId>")
                .contains("<version>" + System.getProperty("project.version") + "</version>");
    }
}
