package io.millrace.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds docs/security.md and the rights together that the broker tests grant. */
class SecurityDocumentTest {

    private static final Map<String, List<AccessRight>> RIGHTS =
            AccessRights.byCommand(new KafkaConnection("localhost:9092", Map.of()));

    @Test
    void shouldListTheRightsOfEveryCommand() throws IOException {
        // Given
        List<String> document = Files.readAllLines(Path.of(System.getProperty("millrace.root"), "docs", "security.md"));

        // When
        List<String> table = document.stream()
                .dropWhile(line -> !line.startsWith("| on |"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        // Then
        assertThat(table).containsExactlyElementsOf(expected());
    }

    private static List<String> expected() {
        Stream<String> head = Stream.of(
                row("on", RIGHTS.keySet().stream().map(command -> "`" + command + "`")),
                "|---".repeat(RIGHTS.size() + 1) + "|");
        Stream<String> rows = RIGHTS.values().stream()
                .flatMap(Collection::stream)
                .map(AccessRight::resourceName)
                .distinct()
                .map(resource -> row(
                        resource.replaceFirst("(\\S+)$", "`$1`"),
                        RIGHTS.values().stream().map(rights -> operations(rights, resource))));
        return Stream.concat(head, rows).toList();
    }

    private static String operations(List<AccessRight> rights, String resource) {
        return rights.stream()
                .filter(right -> right.resourceName().equals(resource))
                .map(AccessRight::operationNames)
                .collect(Collectors.joining());
    }

    private static String row(String first, Stream<String> others) {
        return "| " + first + " |"
                + others.map(cell -> cell.isEmpty() ? " |" : " " + cell + " |").collect(Collectors.joining());
    }
}
