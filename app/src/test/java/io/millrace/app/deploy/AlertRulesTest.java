package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.app.deploy.AlertRules.Rule;
import io.millrace.app.deploy.InstalledProgram.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Holds the alert rules to their tests and to the runbook. */
class AlertRulesTest {

    private static final DeployedFile RUNBOOK = new DeployedFile("docs/runbook.md");
    private static final Pattern SECTION = Pattern.compile("(?m)^## (Millrace\\w+)$");

    @Test
    void shouldBeRulesThatPrometheusTakes() throws Exception {
        // When
        Result config = InstalledProgram.promtool()
                .run("check", "config", DeployedFile.PROMETHEUS.path().toString());

        // Then
        assertThat(config.exitCode()).as(config.output()).isZero();
        assertThat(config.output()).contains("SUCCESS: " + AlertRules.all().size() + " rules found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"services", "stream", "models"})
    void shouldFireWhenCausedAndBeSilentOtherwise(String group) throws Exception {
        // When
        Result result = InstalledProgram.promtool()
                .run("test", "rules", tests(group).path().toString());

        // Then
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    /** A silent case counts only if the rule could have fired in it: all series that it reads are there. */
    @ParameterizedTest
    @MethodSource("rules")
    void shouldBeTestedFiringAndSilent(Rule rule) throws IOException {
        // When
        List<JsonNode> firing = new ArrayList<>();
        List<JsonNode> silent = new ArrayList<>();
        for (String group : List.of("services", "stream", "models")) {
            for (JsonNode test : tests(group).tree().at("/tests")) {
                boolean fires = false;
                boolean asked = false;
                for (JsonNode check : test.at("/alert_rule_test")) {
                    if (check.at("/alertname").asText().equals(rule.alert())) {
                        asked = true;
                        fires |= !check.at("/exp_alerts").isMissingNode();
                    }
                }
                if (asked) {
                    (fires ? firing : silent).add(test);
                }
            }
        }

        // Then
        assertThat(firing).isNotEmpty();
        assertThat(silent).isNotEmpty().allSatisfy(test -> assertThat(rule.metrics())
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(test.findValuesAsText("series"))
                        .anySatisfy(series -> assertThat(series).startsWith(metric + "{"))));
    }

    @Test
    void shouldEachHaveASectionInTheRunbook() throws IOException {
        // When
        List<String> sections = SECTION.matcher(RUNBOOK.text())
                .results()
                .map(section -> section.group(1))
                .toList();

        // Then
        assertThat(sections)
                .containsExactlyElementsOf(
                        AlertRules.all().stream().map(Rule::alert).toList());
        assertThat(AlertRules.all()).allSatisfy(rule -> assertThat(rule.runbook())
                .isEqualTo(RUNBOOK.name() + "#" + rule.alert().toLowerCase(Locale.ROOT)));
    }

    private static DeployedFile tests(String group) {
        return new DeployedFile("deploy/prometheus/tests/" + group + ".yml");
    }

    private static List<Rule> rules() throws IOException {
        return AlertRules.all();
    }
}
