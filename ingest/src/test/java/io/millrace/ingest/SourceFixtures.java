package io.millrace.ingest;

import io.millrace.ingest.SourceTopology.Sources;
import io.millrace.ingest.decode.RegistryConfig;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.source.DelayedLabels;
import io.millrace.ingest.source.SourceConfig;
import io.millrace.ingest.source.SourceFields;
import io.millrace.ingest.source.SourceFormat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sources as users configure them. */
final class SourceFixtures {

    /** Topic of the texts of most sources here. */
    static final String TICKETS = "acme.tickets";

    /** Topic of the labels that come later. */
    static final String LABELS = "acme.labels";

    static final Duration WINDOW = Duration.ofMinutes(10);

    static final SourceFields FIELDS =
            new SourceFields(null, "/id", "/ticket/body", null, "/ticket/category", "/created");

    private SourceFixtures() {}

    /** Tickets of the task "intent", with their labels. */
    static SourceConfig tickets(SourceFormat format) {
        return new SourceConfig(TICKETS, format, "intent", FIELDS, Map.of("shop", "/shop"), null);
    }

    /** Tickets in JSON with these fields, whose task is that of the fields or the record's key. */
    static SourceConfig tickets(SourceFields fields) {
        return new SourceConfig(TICKETS, null, null, fields, null, null);
    }

    /** Tickets of the task "intent" whose labels come later, under the id as key. */
    static SourceConfig delayed() {
        return new SourceConfig(
                TICKETS,
                null,
                "intent",
                new SourceFields(null, "/id", "/body", null, null, null),
                null,
                new DelayedLabels(LABELS, null, null, "/category", WINDOW));
    }

    static Sources sources(RegistryConfig registry, SourceConfig... configs) {
        Map<String, SourceConfig> byName = new LinkedHashMap<>();
        for (SourceConfig config : configs) {
            byName.put("source-" + (byName.size() + 1), config);
        }
        return new Sources(byName, SchemaRegistry.of(registry));
    }

    static Sources sources(SourceConfig... configs) {
        return sources(RegistryConfig.none(), configs);
    }
}
