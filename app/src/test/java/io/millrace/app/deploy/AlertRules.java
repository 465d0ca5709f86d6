package io.millrace.app.deploy;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** The shipped alert rules. */
final class AlertRules {

    static final DeployedFile FILE = new DeployedFile("deploy/prometheus/alerts.yml");

    /** A metric, with the braces behind it. */
    private static final Pattern SELECTOR =
            Pattern.compile("\\b(?:up|[a-z]+_[a-z_]+)\\b(?:\\{[^}]*})?(?= *(?:\\[|\\)|[<>=]|offset|/|$))");

    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on) \\([^)]*\\)");

    /** A rule. */
    record Rule(String alert, String expression, String runbook) {

        /** The series that it reads, without ranges and comparisons. */
        List<String> selectors() {
            return SELECTOR.matcher(GROUPING.matcher(expression).replaceAll(""))
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .toList();
        }

        /** Names of the metrics that it reads. */
        List<String> metrics() {
            return selectors().stream()
                    .map(selector -> selector.replaceAll("\\{.*", ""))
                    .distinct()
                    .toList();
        }
    }

    private AlertRules() {}

    static List<Rule> all() throws IOException {
        return FILE.tree().findValues("rules").stream()
                .flatMap(rules -> StreamSupport.stream(rules.spliterator(), false))
                .map(AlertRules::rule)
                .toList();
    }

    private static Rule rule(JsonNode rule) {
        return new Rule(
                rule.at("/alert").asText(),
                rule.at("/expr").asText(),
                rule.at("/annotations/runbook_url").asText());
    }
}
