package io.millrace.app.init;

import io.millrace.schemas.json.Json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A configuration with comments.
 *
 * @param source name of the file that it is made for
 * @param task name of the task
 * @param bootstrapServer the broker
 * @param encoder the encoder's directory, as the configuration has it
 * @param shipped whether that is the encoder that ships with Millrace
 * @param data what is in the file
 * @param tokens how long its texts are
 */
public record ConfigurationText(
        String source,
        String task,
        String bootstrapServer,
        String encoder,
        boolean shipped,
        DataSummary data,
        TokenCounts tokens) {

    private static final int WIDTH = 110;
    private static final int DEFAULT_MAX_CHARS = 2000;
    private static final int ROUND_CHARS = 500;

    /** The text, YAML. */
    public String yaml() {
        List<String> lines = new ArrayList<>(List.of(
                "# The configuration of Millrace for " + source + ". docs/configuration.md explains every key.",
                "# Paths are taken from the folder that this file lies in.",
                "",
                "kafka:",
                "  # Where the broker is. local starts a broker of its own, and of this section uses only prefix.",
                "  bootstrapServers: " + quoted(bootstrapServer),
                "",
                "# Checkpoints and published models. Trainers and evaluators must see the same directory.",
                "store: millrace-data/store",
                "",
                "ingest:",
                "  stateDir: millrace-data/streams",
                "  # An id that comes again within this time is a duplicate.",
                "  deduplicationWindow: PT24H",
                "",
                "tasks:",
                "  " + task + ":",
                "    # Single texts or pairs of texts, with a label or a number: single, pair, regression, pair-regression.",
                "    kind: " + kind()));
        if (!data.regression()) {
            addLabels(lines);
        }
        lines.addAll(List.of(
                "    # The longest of " + count(data.examples()) + " texts has " + count(data.maxChars())
                        + " characters; an example with a longer text than this is rejected.",
                "    maxTextChars: " + maxTextChars(),
                "    training:",
                "      # Hugging Face directory to start from: config.json, model.safetensors, tokenizer.json."));
        if (shipped) {
            lines.add("      # This one ships with Millrace: small, English, for trying.");
        }
        lines.addAll(List.of(
                "      encoder: " + quoted(encoder),
                "      objective:",
                "        # plain, masked-tokens, mask-tuning, smart, masked-tokens+smart or mask-tuning+smart; plain is fastest.",
                "        method: smart",
                "      replay:",
                "        # Half of each step is earlier examples, which checkpoints hold: the model keeps what comes no more. 0: none.",
                "        share: 0.5"));
        if (shipped) {
            lines.addAll(List.of(
                    "      optimizer:",
                    "        # The shipped encoder needs more than a larger one, whose default is in docs/configuration.md.",
                    "        learningRate: 0.0008"));
        }
        lines.addAll(List.of(
                "      batching:",
                "        # Of " + count(tokens.texts()) + " texts, 99 % have at most " + tokens.most()
                        + " tokens; the encoder takes " + tokens.limit() + ". Longer ones are cut.",
                "        maxTokens: " + tokens.cut(),
                "      checkpoints:",
                "        # A checkpoint after so many steps of 32 examples each.",
                "        everySteps: 50",
                "    evaluation:",
                "      # evidence: promotes what is shown to be no worse. margin: what falls by less than a margin.",
                "      gate: evidence"));
        return String.join("\n", lines) + "\n";
    }

    private void addLabels(List<String> lines) {
        Map.Entry<String, Long> rarest = data.labels().entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .orElseThrow();
        Map.Entry<String, Long> most = data.labels().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow();
        lines.add("    # " + data.labels().size() + " labels: from " + quoted(rarest.getKey()) + " with "
                + count(rarest.getValue()) + " examples to " + quoted(most.getKey()) + " with " + count(most.getValue())
                + ".");
        lines.add("    labels: [");
        StringBuilder line = new StringBuilder("     ");
        for (String label : data.labels().keySet().stream()
                .sorted(Comparator.naturalOrder())
                .toList()) {
            String next = " " + quoted(label) + ",";
            if (line.length() + next.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder("     ");
            }
            line.append(next);
        }
        lines.add(line.substring(0, line.length() - 1));
        lines.add("    ]");
        lines.add(
                "    # What becomes of an example with another label: reject, or grow, where the model learns it too.");
        lines.add("    newLabels: reject");
    }

    private String kind() {
        String kind = data.regression() ? "regression" : "";
        return data.pairs() ? kind.isEmpty() ? "pair" : "pair-regression" : kind.isEmpty() ? "single" : kind;
    }

    private int maxTextChars() {
        return Math.max(DEFAULT_MAX_CHARS, (data.maxChars() + ROUND_CHARS - 1) / ROUND_CHARS * ROUND_CHARS);
    }

    /** A JSON string is YAML too, whatever is in it. */
    private static String quoted(String text) {
        return text.matches("[a-zA-Z][a-zA-Z_/.-]*") && !text.matches("(?i)y|yes|n|no|true|false|on|off|null")
                ? text
                : Json.write(text);
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
