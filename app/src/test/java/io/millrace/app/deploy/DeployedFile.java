package io.millrace.app.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the container deployment, named from the root of the repository. */
record DeployedFile(String name) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static final DeployedFile COMPOSE = new DeployedFile("docker-compose.yml");
    static final DeployedFile CONFIGURATION = new DeployedFile("deploy/millrace.yaml");
    static final DeployedFile DATA_SOURCE = new DeployedFile("deploy/grafana/provisioning/datasources/prometheus.yml");
    static final DeployedFile DOCKERFILE = new DeployedFile("deploy/Dockerfile");
    static final DeployedFile METRICS_DOCUMENT = new DeployedFile("docs/metrics.md");
    static final DeployedFile PROMETHEUS = new DeployedFile("deploy/prometheus/prometheus.yml");

    Path path() {
        return Path.of(System.getProperty("millrace.root")).resolve(name);
    }

    String text() throws IOException {
        return Files.readString(path());
    }

    /** The file as a tree; it may be JSON as well, which is YAML. Merge keys are resolved. */
    JsonNode tree() throws IOException {
        return MAPPER.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text()));
    }
}
