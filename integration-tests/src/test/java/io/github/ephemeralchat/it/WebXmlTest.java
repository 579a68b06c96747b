package io.github.ephemeralchat.it;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code web.xml} of docs/EMBEDDING.md in a Tomcat: the container makes the servlet. */
class WebXmlTest {

    @TempDir
    private Path directory;

    @Test
    void tomcatMakesTheServlet_asTheDocumentSays() throws Exception {
        String webXml = Block.in(Block.ROOT.resolve("docs/EMBEDDING.md")).stream()
                .map(Block::text)
                .filter(text -> text.startsWith("<web-app"))
                .findFirst()
                .orElseThrow();
        Path application = Files.createDirectories(directory.resolve("application"));
        Files.writeString(
                Files.createDirectories(application.resolve("WEB-INF")).resolve("web.xml"), webXml);

        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createDirectories(directory.resolve("base/webapps"))
                .getParent()
                .toString());
        tomcat.setPort(0);
        tomcat.setAddDefaultWebXmlToWebapp(false);
        Context context = tomcat.addWebapp("", application.toString());
        context.setParentClassLoader(WebXmlTest.class.getClassLoader());
        context.setContainerSciFilter(".*jetty.*"); // Other containers are on the class path.
        context.getJarScanner().setJarScanFilter((type, jar) -> false);
        context.addServletContainerInitializer(
                (classes, started) -> started.setAttribute(EphemeralChatService.class.getName(), chat), null);
        tomcat.getConnector();
        tomcat.start();
        DocsHost.talksUntilTheEnd(tomcat.getConnector().getLocalPort(), () -> {
            tomcat.stop();
            tomcat.destroy();
        });
        chat.close();
    }
}
