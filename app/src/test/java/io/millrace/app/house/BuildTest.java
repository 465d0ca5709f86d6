package io.millrace.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;

/** The build of ./millrace leaves out tests, so it must not need anything that only tests make. */
class BuildTest {

    @ParameterizedTest
    @ValueSource(strings = {"schemas", "encoder", "ingest", "trainer", "evaluator", "compare", "app"})
    void shouldNeedTheFixturesOfOtherModulesOnlyWhereTestsAreBuilt(String module) throws Exception {
        // Given
        Path pom = Path.of(System.getProperty("millrace.root"), module, "pom.xml");
        NodeList types = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(pom.toFile())
                .getElementsByTagName("type");

        // When
        List<String> always = new ArrayList<>();
        for (int i = 0; i < types.getLength(); i++) {
            Node dependency = types.item(i).getParentNode();
            boolean isFixture = types.item(i).getTextContent().equals("test-jar");
            Node owner = dependency.getParentNode().getParentNode();
            if (isFixture && !isLeftOutWithTests(owner)) {
                always.add(dependency.getTextContent().strip());
            }
        }

        // Then
        assertThat(always).isEmpty();
    }

    /** Whether it is a profile that is off when tests are left out. */
    private static boolean isLeftOutWithTests(Node owner) {
        return owner instanceof Element profile
                && profile.getTagName().equals("profile")
                && profile.getElementsByTagName("activation")
                        .item(0)
                        .getTextContent()
                        .strip()
                        .equals("!maven.test.skip");
    }
}
