package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The examples in Javadoc, its preformatted code, compile and run, each in the template of its file:
 * {@code src/test/resources/javadoc/TypeExample.java}, or for a package {@code NamePackageExample.java}. A template that
 * begins with {@code // checked by PATH} names another test that reads the file.
 */
@Isolated("what it runs may take over System.out")
class JavadocExamplesTest {

    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\n(.*?)\n[ *]*\\}</pre>", Pattern.DOTALL);
    private static final Pattern MARGIN = Pattern.compile("(?m)^ *\\* ?");
    private static final Pattern CHECKED_BY = Pattern.compile("// checked by (\\S+)\\s*");

    @TempDir
    private Path directory;

    static List<Path> sources() {
        return ReleaseTest.published().stream()
                .map(module -> Block.ROOT.resolve(module).resolve("src/main/java"))
                .filter(Files::exists)
                .flatMap(folder -> javaFiles(folder).stream())
                .sorted()
                .toList();
    }

    private static List<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> examples(Path file) {
        return EXAMPLE.matcher(Block.read(file))
                .results()
                .map(example -> MARGIN.matcher(example.group(1)).replaceAll("") + "\n")
                .toList();
    }

    private static String template(Path file) {
        String type = file.getFileName().toString().replace(".java", "");
        return "javadoc/" + (type.equals("package-info") ? packageName(file) + "Package" : type) + "Example";
    }

    private static String packageName(Path file) {
        String name = file.getParent().getFileName().toString();
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    @TestFactory
    Stream<DynamicTest> everyExampleCompilesAndRuns() {
        return sources().stream()
                .flatMap(file -> examples(file).stream()
                        .map(code -> dynamicTest(Block.ROOT.relativize(file).toString(), () -> check(file, code))));
    }

    private void check(Path file, String code) throws Exception {
        String template = template(file);
        var elsewhere = CHECKED_BY.matcher(Block.read(JavaInTemplate.template(template)));
        if (elsewhere.lookingAt()) {
            assertThat(Block.ROOT.resolve(elsewhere.group(1)))
                    .content()
                    .contains(file.getFileName().toString());
        } else {
            JavaInTemplate.run(template, code, directory);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyPublishedPackageHasAnExample() {
        return sources().stream()
                .filter(file -> file.endsWith("package-info.java"))
                .filter(file -> !file.toString().contains("/internal/")) // No host sees it.
                .map(file -> dynamicTest(
                        Block.ROOT.relativize(file).toString(),
                        () -> assertThat(examples(file)).isNotEmpty()));
    }

    /** As many as there are places where one begins: none is written so that it is overlooked. */
    @TestFactory
    Stream<DynamicTest> noExampleIsOverlooked() {
        return sources().stream()
                .filter(file -> Block.read(file).contains("<pre>"))
                .map(file -> dynamicTest(
                        Block.ROOT.relativize(file).toString(),
                        () -> assertThat(examples(file))
                                .hasSize(Block.read(file).split("<pre>", -1).length - 1)));
    }
}
