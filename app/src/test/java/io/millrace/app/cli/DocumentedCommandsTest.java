package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.MillraceMain;
import io.millrace.app.config.MillraceConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every command in the documents is one that the command line takes, and the README's configuration can be read. */
class DocumentedCommandsTest {

    private static final Path ROOT = Path.of(System.getProperty("millrace.root"));

    /** A line of a code block, with the lines that continue it. */
    private static final Pattern COMMAND =
            Pattern.compile("^ {4,}\\./millrace ((?:[^\\n]*\\\\\\n)*[^\\n]*)$", Pattern.MULTILINE);

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)");
    private static final Pattern CONFIGURATION =
            Pattern.compile("(?:^ {4}(?:kafka|store|ingest|tasks|  )[^\\n]*\\n)+", Pattern.MULTILINE);

    @Test
    void shouldTakeEveryDocumentedCommand() throws IOException {
        // When
        List<String> refused = new ArrayList<>();
        int commands = 0;
        for (Path page : pages()) {
            Matcher command = COMMAND.matcher(Files.readString(page));
            while (command.find()) {
                commands++;
                fault(command.group(1)).ifPresent(fault -> refused.add(ROOT.relativize(page) + ": " + fault));
            }
        }

        // Then
        assertThat(commands).isGreaterThan(25);
        assertThat(refused).isEmpty();
    }

    @Test
    void shouldReadTheConfigurationOfTheReadme(@TempDir Path directory) throws IOException {
        // Given
        Matcher found = CONFIGURATION.matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(found.find()).isTrue();
        Path file = Files.writeString(directory.resolve("millrace.yaml"), found.group());

        // When
        MillraceConfig config = MillraceConfig.read(file);

        // Then
        assertThat(config.tasks()).containsOnlyKeys("topics");
        assertThat(config.tasks().get("topics").labels()).containsExactly("sport", "politics", "weather");
    }

    private static Optional<String> fault(String line) {
        String command = line.replace("\\\n", " ").replaceFirst("\\s#.*", "").replaceFirst("\\s(&&|\\||>).*", "");
        List<String> arguments = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            arguments.add(word.group().replaceAll("[\"']", ""));
        }
        try {
            new CommandLine(new MillraceMain())
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(arguments.toArray(new String[0]));
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(command.strip() + ": " + e.getMessage());
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                            docs.filter(file -> file.toString().endsWith(".md"))
                                    // Its synopses are made from the commands.
                                    .filter(file -> !file.endsWith("commands.md")))
                    .sorted()
                    .toList();
        }
    }
}
