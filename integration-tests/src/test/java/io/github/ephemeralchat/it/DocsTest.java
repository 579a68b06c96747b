package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every block of code in the README and in docs/ is tried. A comment above it says how, where its language does not:
 *
 * <ul>
 *   <li>{@code <!-- runs in Talk -->}: Java, compiled and run in {@code src/test/resources/docs/Talk.java};
 *   <li>{@code <!-- checked by PATH -->}: something else runs it. That file reads the document (it names it), or it has
 *       every line of the block;
 *   <li>{@code <!-- every block is checked by PATH -->}: the same for all that follow in the document, where nothing else
 *       is said.
 * </ul>
 *
 * <p>Other languages are parsed: see {@link BlockChecks}. {@code text} is a drawing or what a program prints. A block of
 * any other kind fails, and so does one without a fence.
 */
@Isolated("what it runs may take over System.out")
class DocsTest {

    private static final Pattern CHECKED_BY = Pattern.compile("checked by (\\S+)( as \\S+)?");
    private static final Pattern RUNS_IN = Pattern.compile("runs in (\\w+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Path README = Block.ROOT.resolve("README.md");
    private static final Path INDEX = Block.ROOT.resolve("docs/README.md");

    @TempDir
    private Path directory;

    @TestFactory
    Stream<DynamicTest> everyBlockIsTried() {
        return Block.documents().stream()
                .flatMap(file -> Block.in(file).stream())
                .map(block -> dynamicTest(block.toString(), () -> check(block)));
    }

    private void check(Block block) throws Exception {
        Matcher elsewhere = CHECKED_BY.matcher(block.note());
        Matcher template = RUNS_IN.matcher(block.note());
        if (elsewhere.matches()) {
            BlockChecks.checkedBy(Block.ROOT.resolve(elsewhere.group(1)), block);
        } else if (template.matches()) {
            assertThat(block.language()).isEqualTo("java");
            JavaInTemplate.run("docs/" + template.group(1), block.text(), directory);
        } else {
            assertThat(block.note()).as("how %s is checked", block).isEmpty();
            BlockChecks.parse(block);
        }
    }

    @Test
    void theReadmesFirstSnippetIsShort() {
        Block first = Block.in(README).get(0);
        assertThat(first.note()).isEqualTo("runs in Talk");
        assertThat(first.text().lines()).hasSizeLessThanOrEqualTo(12);
        assertThat(Block.read(README).lines()).hasSizeLessThan(200);
    }

    @Test
    void theIndexNamesEveryDocument() {
        List<String> linked = links(INDEX)
                .map(link -> INDEX.resolveSibling(link.group(1)).normalize().toString())
                .toList();
        assertThat(Block.documents())
                .filteredOn(file -> file.startsWith(INDEX.getParent()) && !file.equals(INDEX))
                .extracting(Path::toString)
                .isSubsetOf(linked);
    }

    @TestFactory
    Stream<DynamicTest> everyLinkLeadsSomewhere() {
        return Block.documents().stream()
                .flatMap(file -> links(file).map(link -> dynamicTest(link.group(), () -> checkLink(file, link))));
    }

    private static Stream<MatchResult> links(Path file) {
        return LINK.matcher(Block.read(file))
                .results()
                .filter(link -> !link.group(1).contains(":"));
    }

    private static void checkLink(Path file, MatchResult link) {
        Path target = link.group(1).isEmpty()
                ? file
                : file.resolveSibling(link.group(1)).normalize();
        assertThat(Files.exists(target)).as("%s of %s exists", target, file).isTrue();
        if (link.group(2) != null) {
            assertThat(Block.read(target)
                            .lines()
                            .filter(line -> line.startsWith("#"))
                            .map(DocsTest::anchor))
                    .contains(link.group(2));
        }
    }

    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} -]", "")
                .replace(' ', '-');
    }
}
