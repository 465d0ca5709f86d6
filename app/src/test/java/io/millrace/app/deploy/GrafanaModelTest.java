package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the dashboards against Grafana's own model: {@code grafana/model.schema.json} is made from the types of the npm package
 * {@code @grafana/schema} of the version that docker-compose.yml runs. Panels' options and field options have models of their own.
 */
class GrafanaModelTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNode MODEL = read();

    static List<DeployedFile> dashboards() throws IOException {
        return Dashboards.files();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void shouldFitTheModelOfADashboardAndOfItsPanels(DeployedFile file) throws IOException {
        // Given
        JsonNode dashboard = MAPPER.readTree(file.text());

        // When
        List<String> faults = new ArrayList<>(faults("dashboard", dashboard));
        for (JsonNode panel : Dashboards.panels(dashboard)) {
            String type = panel.get("type").asText();
            faults.addAll(faults("options-" + type, panel.get("options")));
            JsonNode custom = panel.at("/fieldConfig/defaults/custom");
            if (!custom.isMissingNode()) {
                faults.addAll(faults("custom-" + type, custom));
            }
        }

        // Then
        assertThat(faults).isEmpty();
    }

    @Test
    void shouldBeTheModelOfTheGrafanaThatIsDeployed() throws IOException {
        // When
        String image = DeployedFile.COMPOSE.tree().at("/services/grafana/image").asText();

        // Then
        assertThat(MODEL.get("$comment").asText()).contains("@grafana/schema " + image.replaceAll(".*:", "") + " ");
    }

    private static List<String> faults(String definition, JsonNode value) {
        JsonNode schema = MODEL.at("/definitions/" + definition);
        assertThat(schema.isMissingNode()).as("no model of " + definition).isFalse();
        JsonSchema model =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
        return model.validate(value).stream()
                .map(fault -> definition + ": " + fault.getMessage())
                .toList();
    }

    private static JsonNode read() {
        try (InputStream in = GrafanaModelTest.class.getResourceAsStream("/grafana/model.schema.json")) {
            return MAPPER.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the model of Grafana", e);
        }
    }
}
