package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * Compiles and runs Java that stands in a document, inside a class of the test resources: a template, which has what the
 * code takes for given, in place of its line {@code // CODE} the code, and a {@code main} that looks at what comes of it.
 */
final class JavaInTemplate {

    private static final Pattern PLACE = Pattern.compile("( *)// CODE\n");

    private JavaInTemplate() {}

    static Path template(String name) {
        return Block.ROOT.resolve("integration-tests/src/test/resources").resolve(name + ".java");
    }

    /** The directory is where it is compiled; one that had other code before will do. */
    static void run(String template, String code, Path directory) throws Exception {
        Path file = template(template);
        assertThat(file).exists();
        Matcher place = PLACE.matcher(Block.read(file));
        assertThat(place.find()).as("a place for the code in %s", file).isTrue();
        String className = file.getFileName().toString().replace(".java", "");
        compile(
                Files.writeString(
                        directory.resolve(className + ".java"),
                        place.replaceFirst(Matcher.quoteReplacement(
                                code.indent(place.group(1).length())))),
                directory);
        runMain(className, directory);
    }

    /** As strict as the library's own code; that a servlet has no serial number is none of a document's business. */
    private static void compile(Path source, Path directory) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        // path: Surefire names folders that do not exist.
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        errors,
                        "-Xlint:all,-processing,-path,-serial",
                        "-proc:none",
                        "-Werror",
                        "-d",
                        directory.toString(),
                        source.toString());
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
    }

    private static void runMain(String className, Path directory) throws Exception {
        URL[] path = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, JavaInTemplate.class.getClassLoader())) {
            loader.loadClass(className).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException e) {
            throw new AssertionError(className + " failed", e.getCause());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
