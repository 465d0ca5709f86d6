package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Holds the dashboard to what the services measure and to what Grafana is given beside it. */
class DashboardTest {

    /** A metric with its selector: every word that is followed by a brace, a bracket or the end of a function's argument. */
    private static final Pattern SERIES = Pattern.compile("\\b([a-z]\\w*)(?:\\{([^}]*)})?(?=[\\[)]| *$)");

    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern SELECTED_LABEL = Pattern.compile("(\\w+) *(?:=~|!~|!=|=)");

    private static RegisteredMetrics metrics;
    private static JsonNode dashboard;

    private record Series(String name, List<String> labels) {}

    @BeforeAll
    static void readFiles() throws IOException {
        metrics = RegisteredMetrics.read();
        dashboard = DeployedFile.DASHBOARD.tree();
    }

    @Test
    void shouldQueryOnlyMetricsThatTheServicesOffer() {
        assertThat(queries()).hasSizeGreaterThan(30).allSatisfy(query -> assertThat(series(query))
                .isNotEmpty()
                .extracting(Series::name)
                .isSubsetOf(metrics.names()));
    }

    @Test
    void shouldSelectAndGroupOnlyByLabelsThatTheMetricsCarry() {
        assertThat(queries()).allSatisfy(query -> assertThat(series(query))
                .allSatisfy(one -> assertThat(one.labels()).isSubsetOf(metrics.labelsOf(one.name()))));
    }

    @Test
    void shouldAskTheProvisionedDataSource() throws IOException {
        // Given
        JsonNode source = DeployedFile.DATA_SOURCE.tree().at("/datasources/0");

        // When
        List<JsonNode> asked = dashboard.findValues("datasource");

        // Then
        assertThat(asked).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference.get("uid")).isEqualTo(source.get("uid"));
            assertThat(reference.get("type")).isEqualTo(source.get("type"));
        });
    }

    @Test
    void shouldGiveEveryPanelItsOwnPlace() {
        assertThat(dashboard.at("/panels"))
                .extracting(panel -> panel.get("id").asInt())
                .doesNotHaveDuplicates();
        assertThat(dashboard.at("/panels"))
                .extracting(panel -> panel.at("/gridPos/x") + "," + panel.at("/gridPos/y"))
                .doesNotHaveDuplicates();
    }

    private static List<String> queries() {
        return dashboard.findValuesAsText("expr");
    }

    private static List<Series> series(String query) {
        List<String> grouping = GROUPING.matcher(query)
                .results()
                .flatMap(by -> Stream.of(by.group(1).split(", *")))
                .distinct()
                .toList();
        return SERIES.matcher(GROUPING.matcher(query).replaceAll(""))
                .results()
                .map(found -> {
                    List<String> labels = new ArrayList<>(grouping);
                    String selector = found.group(2) == null ? "" : found.group(2);
                    SELECTED_LABEL.matcher(selector).results().forEach(label -> labels.add(label.group(1)));
                    return new Series(found.group(1), labels);
                })
                .toList();
    }
}
