package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.app.config.MillraceConfig;
import io.millrace.evaluator.config.EvidenceConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** Holds the configuration of the containers to the files around it. */
class DeployedConfigurationTest {

    private static final DeployedFile DEMO =
            new DeployedFile("app/src/main/resources/io/millrace/app/demo/millrace.yaml");
    private static final List<String> SERVICES = List.of("ingest", "trainer", "evaluator");

    private static MillraceConfig config;
    private static JsonNode compose;

    @BeforeAll
    static void readFiles() throws IOException {
        config = MillraceConfig.read(DeployedFile.CONFIGURATION.path());
        compose = DeployedFile.COMPOSE.tree();
    }

    @Test
    void shouldTrainAndJudgeTheTaskOfTheDemo() throws IOException {
        // Given
        MillraceConfig demo = MillraceConfig.read(DEMO.path());

        // When
        var task = config.tasks().get("intent");

        // Then
        assertThat(task)
                .usingRecursiveComparison()
                .ignoringFields("training.encoder", "training.optimizer", "evaluation.evidence")
                .isEqualTo(demo.tasks().get("intent"));
        // The demo's stream ends, and its learning rate and its champions with it; this one must be able to learn for
        // ever.
        assertThat(task.evaluation().evidence()).isEqualTo(EvidenceConfig.defaults());
        assertThat(task.training().optimizer().schedule().decaySteps()).isZero();
        assertThat(task.training().encoder()).hasToString("/opt/millrace/encoder");
        assertThat(DeployedFile.DOCKERFILE.text()).contains(" /opt/millrace/encoder\n");
    }

    @Test
    void shouldReachTheBrokerByTheListenerOfTheInnerNetwork() {
        assertThat(compose.at("/services/kafka/environment/KAFKA_ADVERTISED_LISTENERS")
                        .asText())
                .contains("INNER://" + config.kafka().bootstrapServers());
    }

    @Test
    void shouldKeepStoreAndStateInVolumes() {
        assertThat(compose.at("/services/trainer/volumes").toString()).contains("store:" + config.store());
        assertThat(compose.at("/services/evaluator/volumes")).contains(compose.at("/services/trainer/volumes/1"));
        assertThat(compose.at("/services/ingest/volumes").toString())
                .contains("\"" + config.ingest().stateDir() + "\"");
    }

    @Test
    void shouldOfferMetricsWherePrometheusAsksForThem() throws IOException {
        assertThat(config.metrics().host()).isEqualTo("0.0.0.0");
        assertThat(DeployedFile.PROMETHEUS.tree().at("/scrape_configs"))
                .hasSameSizeAs(SERVICES)
                .allSatisfy(job -> {
                    JsonNode found = job.at("/dns_sd_configs/0");
                    assertThat(SERVICES).contains(job.get("job_name").asText());
                    assertThat(found.at("/names/0")).isEqualTo(job.get("job_name"));
                    assertThat(found.get("port").asInt())
                            .isEqualTo(config.metrics().port());
                });
    }
}
