package io.github.ephemeralchat.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.micrometer.ChatMetrics;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.sse.EphemeralChatServlet;
import io.github.ephemeralchat.tck.HistoryChecker;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of docs/ARCHITECTURE.md. */
class ArchitectureTest {

    private static final String ROOT = "io.github.ephemeralchat";

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .withImportOption(location -> !location.contains("benchmarks"))
            .importPackages(ROOT);

    @Test
    void theRulesSeeEveryModule() {
        assertThat(List.of(
                        EphemeralChatService.class,
                        MemoryRoomStore.class,
                        RedisChat.class,
                        EphemeralChatServlet.class,
                        NettyChatServer.class,
                        ChatMetrics.class,
                        HistoryChecker.class))
                .allMatch(OURS::contain);
    }

    @Test
    void modulesDependOnTheCoreAndNotOnEachOther() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
                .layer("core")
                .definedBy(ROOT, ROOT + ".spi")
                .layer("memory")
                .definedBy(ROOT + ".memory")
                .layer("redis")
                .definedBy(ROOT + ".redis")
                .layer("sse")
                .definedBy(ROOT + ".sse")
                .layer("netty")
                .definedBy(ROOT + ".netty")
                .layer("micrometer")
                .definedBy(ROOT + ".micrometer")
                .layer("tck")
                .definedBy(ROOT + ".tck")
                .whereLayer("memory")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("redis")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("sse")
                .mayOnlyBeAccessedByLayers("netty")
                .whereLayer("netty")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("micrometer")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("tck")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("core")
                .mayNotAccessAnyLayer()
                .check(OURS);
    }

    @Test
    void theSpiKnowsValuesAndExceptionsButNotTheService() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".spi")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(EphemeralChatService.class));
        check(classes()
                .that()
                .resideInAPackage(ROOT + ".spi")
                .should()
                .onlyDependOnClassesThat(
                        new com.tngtech.archunit.base.DescribedPredicate<JavaClass>(
                                "are values, exceptions or not ours") {
                            @Override
                            public boolean test(JavaClass type) {
                                return !type.getPackageName().equals(ROOT)
                                        || type.isRecord()
                                        || type.isAssignableTo(EphemeralChatException.class);
                            }
                        }));
    }

    @Test
    void theCoreKnowsNoStoreNoTransportAndNoFormat() {
        check(classes()
                .that()
                .resideInAnyPackage(ROOT, ROOT + ".spi")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT, ROOT + ".spi", "java..", "org.slf4j..", "org.jspecify.."));
    }

    @Test
    void theServletApiStopsAtTheDoor() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".sse")
                .and()
                .haveNameNotMatching(
                        ".*\\.(EphemeralChatServlet|EventStreams|ServletStreamSink|ServletAnswers|ChatHttpSettings)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.servlet.."));
    }

    @Test
    void jacksonIsNotInTheApi() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".sse")
                .and()
                .arePublic()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.."));
    }

    private static void check(ArchRule rule) {
        rule.check(OURS);
    }
}
