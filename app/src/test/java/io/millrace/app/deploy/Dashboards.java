package io.millrace.app.deploy;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The shipped dashboards. */
final class Dashboards {

    static final DeployedFile FOLDER = new DeployedFile("deploy/grafana/dashboards");

    /**
     * An expression of a panel.
     *
     * @param place dashboard and title of the panel
     * @param text as it is in the file, with Grafana's variables
     */
    record Query(String place, String text) {

        /** What Prometheus gets if all tasks and services are chosen. */
        String substituted() {
            return text.replace("$__rate_interval", "10s")
                    .replace("$__range", "5m")
                    .replace("$task", ".+")
                    .replace("$service", ".+");
        }
    }

    private Dashboards() {}

    static List<DeployedFile> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.path())) {
            return files.map(file -> new DeployedFile(FOLDER.name() + "/" + file.getFileName()))
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .toList();
        }
    }

    /** The panels of a dashboard, without its rows. */
    static List<JsonNode> panels(JsonNode dashboard) {
        return StreamSupport.stream(dashboard.at("/panels").spliterator(), false)
                .filter(panel -> !panel.at("/type").asText().equals("row"))
                .toList();
    }

    /** All expressions of all panels. */
    static List<Query> queries() throws IOException {
        List<Query> queries = new ArrayList<>();
        for (DeployedFile file : files()) {
            JsonNode dashboard = file.tree();
            for (JsonNode panel : panels(dashboard)) {
                String place = dashboard.at("/title").asText() + ", "
                        + panel.at("/title").asText();
                panel.at("/targets")
                        .forEach(target ->
                                queries.add(new Query(place, target.at("/expr").asText())));
            }
        }
        return queries;
    }
}
