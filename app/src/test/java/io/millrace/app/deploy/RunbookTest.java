package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.app.MillraceMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Holds the runbook to the command line, to the dashboards and to its own order. */
class RunbookTest {

    private static final DeployedFile RUNBOOK = new DeployedFile("docs/runbook.md");
    private static final Pattern SECTION = Pattern.compile("(?ms)^## Millrace.*?(?=^## |\\z)");
    private static final Pattern COMMAND = Pattern.compile("\\./millrace ([^`#\\n]+)");
    private static final Pattern ARGUMENT = Pattern.compile("\"[^\"]*\"|\\S+");
    private static final Pattern PANEL = Pattern.compile("panels? ((?:\\*[^*]+\\*(?: and |, )?)+)");
    private static final Pattern EMPHASIS = Pattern.compile("\\*([^*]+)\\*");

    static Stream<String> commands() throws IOException {
        return COMMAND.matcher(RUNBOOK.text()).results().map(command -> command.group(1)
                .strip());
    }

    static Stream<String> sections() throws IOException {
        return SECTION.matcher(RUNBOOK.text()).results().map(section -> section.group());
    }

    @ParameterizedTest
    @MethodSource("sections")
    void shouldSayWhatAnAlertMeansHowToLookAndWhatToDo(String section) {
        assertThat(section).containsSubsequence("\n**Means**: ", "\n**Look**", "\n**Do**");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldGiveCommandsThatThereAre(String command) {
        // Given
        String[] arguments = ARGUMENT.matcher(command)
                .results()
                .map(argument -> argument.group())
                .toArray(String[]::new);

        // Then
        assertThatCode(() -> new CommandLine(new MillraceMain())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .parseArgs(arguments))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldNamePanelsThatThereAre() throws IOException {
        // Given
        List<String> titles = new ArrayList<>();
        for (DeployedFile file : Dashboards.files()) {
            Dashboards.panels(file.tree())
                    .forEach(panel -> titles.add(panel.get("title").asText()));
        }

        // When
        List<String> named = PANEL.matcher(RUNBOOK.text().replace('\n', ' '))
                .results()
                .flatMap(panels -> EMPHASIS.matcher(panels.group(1)).results().map(panel -> panel.group(1)))
                .toList();

        // Then
        assertThat(named).hasSizeGreaterThan(5).isSubsetOf(titles);
    }
}
