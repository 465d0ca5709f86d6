package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Holds the dashboards to what the services measure and to what Grafana is given beside them. Series of Kafka's clients and of garbage
 * collection are known only once they run: an integration test asks a Prometheus for them.
 */
class DashboardTest {

    /** A metric with its selector: every word that is followed by a brace, a bracket or the end of a function's argument. */
    private static final Pattern SERIES = Pattern.compile("\\b([a-z]\\w*)(?:\\{([^}]*)})?(?= ?[\\[)/>]| *$)");

    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern SELECTED_LABEL = Pattern.compile("(\\w+) *(?:=~|!~|!=|=)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
    private static final Pattern OF_OTHERS = Pattern.compile("kafka_\\w+|jvm_gc_pause_seconds_\\w+|ALERTS|bool");

    private static RegisteredMetrics metrics;

    private record Series(String name, List<String> labels) {}

    @BeforeAll
    static void readFiles() throws IOException {
        metrics = RegisteredMetrics.read();
    }

    static List<DeployedFile> dashboards() throws IOException {
        return Dashboards.files();
    }

    @Test
    void shouldQueryOnlyMetricsThatTheServicesOfferByLabelsThatTheyCarry() throws IOException {
        assertThat(Dashboards.queries()).hasSizeGreaterThan(100).allSatisfy(query -> assertThat(series(query.text()))
                .allSatisfy(one -> {
                    assertThat(metrics.names()).contains(one.name());
                    assertThat(one.labels()).isSubsetOf(metrics.labelsOf(one.name()));
                }));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldSayOfEveryPanelWhatItShowsInWhichUnitAndWhatItSaysWhenEmpty(DeployedFile file) throws IOException {
        assertThat(Dashboards.panels(file.tree())).hasSizeGreaterThan(10).allSatisfy(panel -> {
            assertThat(panel.at("/title").asText()).isNotBlank();
            assertThat(panel.at("/description").asText()).endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/noValue").asText()).isNotBlank();
            assertThat(panel.at("/targets")).isNotEmpty();
            assertThat(panel.findValuesAsText("refId")).doesNotHaveDuplicates();
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldGiveEveryPanelItsOwnIdAndPlace(DeployedFile file) throws IOException {
        // Given
        Set<String> taken = new HashSet<>();
        List<String> overlaps = new ArrayList<>();

        // When
        for (JsonNode panel : file.tree().at("/panels")) {
            JsonNode place = panel.at("/gridPos");
            int right = place.get("x").asInt() + place.get("w").asInt();
            assertThat(right).isLessThanOrEqualTo(24);
            for (int x = place.get("x").asInt(); x < right; x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    String cell = x + "," + (place.get("y").asInt() + y);
                    if (!taken.add(cell)) {
                        overlaps.add(panel.get("title").asText() + " at " + cell);
                    }
                }
            }
        }

        // Then
        assertThat(overlaps).isEmpty();
        assertThat(file.tree().at("/panels"))
                .extracting(panel -> panel.get("id").asInt())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldUseEveryVariableAndDefineEveryOneUsed(DeployedFile file) throws IOException {
        // Given
        JsonNode dashboard = file.tree();

        // When
        Set<String> used = new HashSet<>();
        Stream.of("expr", "uid")
                .flatMap(key -> dashboard.findValuesAsText(key).stream())
                .forEach(text -> VARIABLE.matcher(text).results().forEach(found -> used.add(found.group(1))));

        // Then
        used.removeIf(name -> name.startsWith("__"));
        assertThat(dashboard.at("/templating/list"))
                .extracting(variable -> variable.get("name").asText())
                .containsExactlyInAnyOrderElementsOf(used);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldAskTheProvisionedDataSource(DeployedFile file) throws IOException {
        // Given
        JsonNode source = DeployedFile.DATA_SOURCE.tree().at("/datasources/0");
        JsonNode variable = file.tree().at("/templating/list/0");

        // Then
        assertThat(variable.at("/query")).isEqualTo(source.get("type"));
        assertThat(variable.at("/current/value")).isEqualTo(source.get("uid"));
        assertThat(file.tree().findValues("datasource")).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference.get("uid").asText()).isEqualTo("${datasource}");
            assertThat(reference.get("type")).isEqualTo(source.get("type"));
        });
    }

    @Test
    void shouldTellTheDashboardsApartAndOpenTheOverviewFirst() throws IOException {
        // Given
        List<String> ids = new ArrayList<>();
        List<String> titles = new ArrayList<>();
        for (DeployedFile file : Dashboards.files()) {
            ids.add(file.tree().at("/uid").asText());
            titles.add(file.tree().at("/title").asText());
        }

        // Then
        assertThat(ids).hasSize(5).doesNotHaveDuplicates();
        assertThat(titles).doesNotHaveDuplicates();
        assertThat(DeployedFile.COMPOSE.text())
                .contains("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: /etc/grafana/dashboards/overview.json");
    }

    private static List<Series> series(String query) {
        List<String> grouping = GROUPING.matcher(query)
                .results()
                .flatMap(by -> Stream.of(by.group(1).split(", *")))
                .distinct()
                .toList();
        return SERIES.matcher(GROUPING.matcher(query).replaceAll(""))
                .results()
                .filter(found -> !OF_OTHERS.matcher(found.group(1)).matches())
                .map(found -> {
                    List<String> labels = new ArrayList<>(grouping);
                    String selector = found.group(2) == null ? "" : found.group(2);
                    SELECTED_LABEL.matcher(selector).results().forEach(label -> labels.add(label.group(1)));
                    return new Series(found.group(1), labels);
                })
                .toList();
    }
}
