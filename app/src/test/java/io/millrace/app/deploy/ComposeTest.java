package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

class ComposeTest {

    private static final List<String> OURS = List.of("ingest", "trainer", "evaluator");

    private static JsonNode services;

    @BeforeAll
    static void readFile() throws IOException {
        services = DeployedFile.COMPOSE.tree().get("services");
    }

    @Test
    void shouldPublishPortsOnTheLoopbackAddressOnly() {
        assertThat(services.findValues("ports")).isNotEmpty().allSatisfy(ports -> assertThat(texts(ports))
                .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:")));
        assertThat(services)
                .allSatisfy(service ->
                        assertThat(service.path("network_mode").asText()).isNotEqualTo("host"));
    }

    @Test
    void shouldPublishNothingOfOurServices() {
        assertThat(OURS)
                .allSatisfy(name -> assertThat(services.get(name).has("ports")).isFalse());
    }

    @Test
    void shouldBoundAndHardenEveryService() {
        assertThat(services).hasSize(7).allSatisfy(service -> {
            assertThat(service.at("/mem_limit").asText()).matches("\\d+[mg]");
            assertThat(service.at("/logging/options/max-size").asText()).isEqualTo("10m");
            assertThat(texts(service.at("/cap_drop"))).containsExactly("ALL");
            assertThat(texts(service.at("/security_opt"))).containsExactly("no-new-privileges:true");
        });
        for (Map.Entry<String, JsonNode> service : services.properties()) {
            boolean ends = service.getKey().equals("demo");
            assertThat(service.getValue().at("/healthcheck/test").isEmpty()).isEqualTo(ends);
            assertThat(service.getValue().at("/restart").asText()).isEqualTo(ends ? "on-failure" : "unless-stopped");
        }
    }

    @Test
    void shouldSendTheDemoOnlyIfAskedTo() {
        assertThat(services).filteredOn(service -> service.has("profiles")).hasSize(1);
        assertThat(texts(services.at("/demo/profiles"))).containsExactly("demo");
        // The command line of the README, and its script, find the topics that ingest makes.
        assertThat(services.at("/demo/depends_on/ingest/condition").asText()).isEqualTo("service_healthy");
    }

    @Test
    void shouldStartOurServicesFromOneImageOnceKafkaIsHealthy() {
        assertThat(OURS).allSatisfy(name -> {
            JsonNode service = services.get(name);
            assertThat(service.at("/image").asText()).isEqualTo("millrace");
            assertThat(service.at("/build/dockerfile").asText()).isEqualTo(DeployedFile.DOCKERFILE.name());
            assertThat(texts(service.at("/command"))).startsWith(name, "--config");
            assertThat(service.at("/depends_on/kafka/condition").asText()).isEqualTo("service_healthy");
            assertThat(service.at("/read_only").asBoolean()).isTrue();
        });
    }

    @Test
    void shouldPinEveryImageOfOthersAndRunTheKafkaThatTheClientsAreOf() {
        assertThat(services.findValuesAsText("image"))
                .contains("apache/kafka:" + AppInfoParser.getVersion())
                .filteredOn(image -> !image.equals("millrace"))
                .allSatisfy(image -> assertThat(image).matches(".+:v?\\d+\\.\\d+\\.\\d+"));
    }

    @Test
    void shouldMountOnlyFilesThatAreThere() {
        assertThat(services.findValues("volumes"))
                .flatMap(ComposeTest::texts)
                .filteredOn(volume -> volume.startsWith("./"))
                .isNotEmpty()
                .allSatisfy(volume -> {
                    assertThat(volume).endsWith(":ro");
                    String file = volume.substring("./".length(), volume.indexOf(':'));
                    assertThat(Files.exists(new DeployedFile(file).path()))
                            .as(file)
                            .isTrue();
                });
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
