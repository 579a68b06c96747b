package io.github.ephemeralchat.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.ephemeralchat.it.circle.one.One;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The arrows of docs/ARCHITECTURE.md: each package is a layer, and names the packages that it may use. */
class ArchitectureTest {

    private static final String ROOT = "io.github.ephemeralchat";

    /** The service itself. */
    private static final String SERVICE = "";

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("internal.support", Set.of("model")),
            Map.entry("spi", Set.of("model", "internal.support")),
            Map.entry("transport", Set.of("model", "spi")),
            Map.entry("metrics", Set.of("model")),
            Map.entry("internal.telemetry", Set.of("model", "spi", "transport", "metrics", "internal.support")),
            Map.entry(
                    "internal.feed",
                    Set.of("model", "spi", "transport", "metrics", "internal.telemetry", "internal.support")),
            Map.entry(
                    SERVICE,
                    Set.of(
                            "model",
                            "spi",
                            "transport",
                            "metrics",
                            "internal.feed",
                            "internal.telemetry",
                            "internal.support")),
            Map.entry("memory", Set.of("model", "spi", "internal.support")),
            Map.entry("test", Set.of(SERVICE, "model", "memory")),
            Map.entry("redis", Set.of("model", "spi", "internal.support")),
            Map.entry("postgresql", Set.of("model", "spi", "internal.support")),
            Map.entry("micrometer", Set.of("model", "metrics")),
            Map.entry("tck", Set.of(SERVICE, "model", "spi", "transport")),
            Map.entry("sse", Set.of(SERVICE, "model", "spi", "transport", "internal.support")),
            Map.entry("sse.servlet", Set.of(SERVICE, "model", "transport", "internal.support", "sse")),
            Map.entry("netty", Set.of(SERVICE, "model", "transport", "internal.support", "sse")));

    static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .withImportOption(location -> !location.contains("benchmarks") && !location.contains("test-support"))
            .importPackages(ROOT);

    @Test
    void everyPackageIsALayer() {
        Set<String> packages =
                OURS.stream().map(ArchitectureTest::layer).collect(Collectors.toCollection(TreeSet::new));
        assertThat(packages).containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
    }

    private static String layer(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? SERVICE : name.substring(ROOT.length() + 1);
    }

    /** So every argument and result that may be null says so. */
    @Test
    void everyPackageIsNullMarked() {
        assertThat(OURS.stream().map(JavaClass::getPackage).distinct())
                .allMatch(ours -> ours.isAnnotatedWith(NullMarked.class));
    }

    @Test
    void arrowsGoOneWay() {
        LayeredArchitecture layers =
                Architectures.layeredArchitecture().consideringOnlyDependenciesInAnyPackage(ROOT + "..");
        for (String layer : MAY_USE.keySet()) {
            layers = layers.layer(name(layer)).definedBy(layer.equals(SERVICE) ? ROOT : ROOT + "." + layer);
        }
        for (Map.Entry<String, Set<String>> rule : MAY_USE.entrySet()) {
            String[] used = rule.getValue().stream().map(ArchitectureTest::name).toArray(String[]::new);
            layers = used.length == 0
                    ? layers.whereLayer(name(rule.getKey())).mayNotAccessAnyLayer()
                    : layers.whereLayer(name(rule.getKey())).mayOnlyAccessLayers(used);
        }
        layers.check(OURS);
    }

    private static String name(String layer) {
        return layer.equals(SERVICE) ? "service" : layer;
    }

    @Test
    void packagesHaveNoCircle() {
        noCircle().check(OURS);
    }

    @Test
    void circleIsFound() {
        JavaClasses circle =
                new ClassFileImporter().importPackages(One.class.getPackageName(), ROOT + ".it.circle.two");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> noCircle().check(circle))
                .withMessageContaining("Cycle detected");
    }

    private static ArchRule noCircle() {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return type.getPackageName().startsWith(ROOT)
                                ? SliceIdentifier.of(type.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "each package";
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    @Test
    void coreUsesNothingButTheJdkAndItsLogger() {
        check(classes()
                .that()
                .resideInAnyPackage(ROOT, ROOT + ".model", ROOT + ".spi", ROOT + ".transport", ROOT + ".metrics")
                .or()
                .resideInAPackage(ROOT + ".internal..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ROOT,
                        ROOT + ".model",
                        ROOT + ".spi",
                        ROOT + ".transport",
                        ROOT + ".metrics",
                        ROOT + ".internal..",
                        "java..",
                        "org.slf4j..",
                        "org.jspecify.."));
    }

    @Test
    void onlyTheServletPackageUsesTheServletApi() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".sse.servlet")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.servlet.."));
    }

    @Test
    void jacksonIsNotInTheApi() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".sse..")
                .and()
                .arePublic()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml.."));
    }

    @Test
    void noPublishedFileIsLong() throws Exception {
        assertThat(figures(Block.ROOT)).contains("files over 250 code lines\n  none\n");
    }

    @Test
    void longFileIsFound(@TempDir Path folder) throws Exception {
        Path module = Files.createDirectory(folder.resolve("ephemeral-chat-core"));
        Files.writeString(module.resolve("pom.xml"), "<maven.deploy.skip>false</maven.deploy.skip>");
        Path sources = Files.createDirectories(module.resolve("src/main/java"));
        Files.writeString(sources.resolve("module-info.java"), "module core {\n    exports core;\n}\n");
        Files.writeString(sources.resolve("Just.java"), "\n// A comment.\n" + "int line;\n".repeat(250));
        assertThat(figures(folder)).contains("files over 250 code lines\n  none\n");
        Files.writeString(sources.resolve("Long.java"), "int line;\n".repeat(251));
        assertThat(figures(folder)).containsPattern("files over 250 code lines\n  251 .*/Long.java\n");
    }

    private static String figures(Path checkout) throws Exception {
        Process process = new ProcessBuilder(Block.ROOT.resolve("etc/figures").toString(), checkout.toString())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void check(ArchRule rule) {
        rule.check(OURS);
    }
}
