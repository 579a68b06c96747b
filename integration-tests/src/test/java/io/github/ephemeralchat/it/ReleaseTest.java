package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What is published, and that the BOM has all of it. What is in the packages, {@code etc/reproducible} looks at. */
class ReleaseTest {

    private static final String BOM = "ephemeral-chat-bom";

    private static Document pom(String module) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(Block.ROOT.resolve(module).resolve("pom.xml").toFile());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<Element> elements(NodeList found) {
        return IntStream.range(0, found.getLength())
                .mapToObj(found::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .toList();
    }

    private static List<String> texts(Document pom, String tag) {
        return elements(pom.getElementsByTagName(tag)).stream()
                .map(Element::getTextContent)
                .toList();
    }

    private static List<String> modules() {
        return texts(pom(""), "module");
    }

    static List<String> published() {
        return modules().stream()
                .filter(module -> texts(pom(module), "maven.deploy.skip").contains("false"))
                .toList();
    }

    @Test
    void whatIsPublishedIsWhatBearsTheProjectsName() {
        assertThat(published())
                .containsExactlyElementsOf(modules().stream()
                        .filter(module -> module.startsWith("ephemeral-chat-"))
                        .toList())
                .contains(BOM, "ephemeral-chat-core");
    }

    @Test
    void theBomHasEveryPublishedModuleInThisVersion() {
        Document bom = pom(BOM);
        Map<Boolean, List<Element>> managed = elements(bom.getElementsByTagName("dependency")).stream()
                .collect(Collectors.partitioningBy(
                        dependency -> text(dependency, "groupId").equals("io.github.ephemeralchat")));
        assertThat(managed.get(true))
                .extracting(dependency -> text(dependency, "artifactId"))
                .containsExactlyInAnyOrderElementsOf(published().stream()
                        .filter(module -> !module.equals(BOM))
                        .toList());
        assertThat(managed.get(true))
                .extracting(dependency -> text(dependency, "version"))
                .containsOnly("${project.version}");
        assertThat(managed.get(false))
                .extracting(dependency -> text(dependency, "artifactId") + ":" + text(dependency, "version"))
                .containsExactly("netty-bom:" + texts(pom(""), "netty.version").get(0));
    }

    private static String text(Element element, String tag) {
        return element.getElementsByTagName(tag).item(0).getTextContent();
    }

    @Test
    void theGuideNamesThisVersion() {
        String version = elements(pom("").getDocumentElement().getChildNodes()).stream()
                .filter(child -> child.getTagName().equals("version"))
                .findFirst()
                .orElseThrow()
                .getTextContent();
        assertThat(Block.read(Block.ROOT.resolve("docs/GETTING-STARTED.md")))
                .contains("<version>" + version + "</version>");
    }

    @Test
    void theReadmeNamesEveryPublishedModule() {
        String readme = Block.read(Block.ROOT.resolve("README.md"));
        assertThat(published()).allSatisfy(module -> assertThat(readme).contains("`" + module + "`"));
    }
}
