package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What can be said of a block without running it. */
final class BlockChecks {

    private static final Pattern OURS = Pattern.compile("(?:etc|examples|benchmarks|\\.)/[\\w./-]+|mvnw");
    private static final Pattern TEST = Pattern.compile("-Dtest=(\\w+)");
    private static final Pattern NGINX = Pattern.compile("\\s*(?:[\\w$~=/.* \"-]+\\{|[^{};]+;|\\}|#.*)?\\s*");

    private static final Pattern MODULE = Pattern.compile("ephemeral-chat-[a-z-]+");

    private BlockChecks() {}

    /** Whether the file that is said to run a block does: it reads the document, or has all lines of the block. */
    static void checkedBy(Path checker, Block block) {
        assertThat(checker).exists();
        String text = Block.read(checker);
        String document = block.file().getFileName().toString();
        if (document.equals("README.md") || !text.contains(document)) {
            assertThat(text.lines().map(String::strip))
                    .as("lines of %s in %s", block, checker)
                    .containsAll(block.text().lines().map(String::strip).toList());
        }
    }

    static void parse(Block block) throws Exception {
        switch (block.language()) {
            case "text" -> assertThat(block.text()).isNotBlank();
            case "sh" -> shell(block.text());
            case "xml" -> xml(block.text());
            case "properties" -> properties(block.text());
            case "yaml" ->
                assertThat(new YAMLMapper().readTree(block.text()).isContainerNode())
                        .isTrue();
            case "json" -> new ObjectMapper().readTree(block.text());
            case "nginx" -> nginx(block.text());
            case "kotlin" -> kotlin(block.text());
            default -> throw new AssertionError(block + " is of no kind that is checked: see DocsTest");
        }
    }

    /** Its syntax, and that the scripts, the tests and the folders that it names are there. */
    private static void shell(String text) throws Exception {
        Process parser =
                new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
        parser.outputWriter(StandardCharsets.UTF_8).append(text).close();
        assertThat(new String(parser.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(parser.waitFor()).isZero();
        text.lines()
                .map(line -> OURS.matcher(line.strip()))
                .filter(script -> script.lookingAt())
                .forEach(
                        script -> assertThat(Block.ROOT.resolve(script.group())).isExecutable());
        TEST.matcher(text).results().forEach(BlockChecks::testExists);
    }

    private static void testExists(MatchResult test) {
        try (Stream<Path> files = Files.walk(Block.ROOT)) {
            assertThat(files.map(file -> file.getFileName().toString())).contains(test.group(1) + ".java");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Its form, and that the modules and the classes of ours that it names exist. */
    private static void xml(String text) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(text.startsWith("<?") ? text : "<x>" + text + "</x>")));
        for (String artifact : texts(document, "artifactId")) {
            if (artifact.startsWith("ephemeral-chat")) {
                assertThat(Block.ROOT.resolve(artifact).resolve("pom.xml")).exists();
            }
        }
    }

    private static List<String> texts(Document document, String tag) {
        NodeList found = document.getElementsByTagName(tag);
        return Stream.iterate(0, i -> i < found.getLength(), i -> i + 1)
                .map(i -> (Element) found.item(i))
                .map(Element::getTextContent)
                .toList();
    }

    private static void properties(String text) throws IOException {
        Properties read = new Properties();
        read.load(new StringReader(text));
        long lines = text.lines().filter(line -> line.matches("\\s*[^#!\\s].*")).count();
        assertThat(read)
                .hasSize((int) lines)
                .allSatisfy((key, value) -> assertThat((String) value).isNotBlank());
    }

    /** Its brackets, and that the modules of ours that it names exist; there is no compiler for it here. */
    private static void kotlin(String text) {
        assertThat(text.chars().filter(c -> c == '{' || c == '(').count())
                .isEqualTo(text.chars().filter(c -> c == '}' || c == ')').count());
        MODULE.matcher(text)
                .results()
                .forEach(found -> assertThat(Block.ROOT.resolve(found.group()).resolve("pom.xml"))
                        .exists());
    }

    /** One directive or one brace a line, and as many braces closed as opened. */
    private static void nginx(String text) {
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).matches(NGINX));
        assertThat(text.chars().filter(c -> c == '{').count())
                .isEqualTo(text.chars().filter(c -> c == '}').count());
    }
}
