package io.millrace.app.init;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.ingest.file.LineSource;
import io.millrace.schemas.NumberLabel;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a file of examples holds.
 *
 * @param examples how many lines have a text and a label
 * @param others how many have not, or cannot be read
 * @param firstOther the place and the fault of the first of these
 * @param labels how many examples have each label; none for a regression
 * @param regression whether the labels are numbers
 * @param pairs whether texts come in pairs
 * @param maxChars the longest text, in UTF-16 units
 * @param sample texts from the beginning of the file
 */
public record DataSummary(
        long examples,
        long others,
        Optional<String> firstOther,
        Map<String, Long> labels,
        boolean regression,
        boolean pairs,
        int maxChars,
        List<TextInput> sample) {

    /** Most labels that are told apart: a column with more holds no classes. */
    static final int MAX_LABELS = 1000;

    private static final int SAMPLE = 1000;
    private static final int MAX_FAULT_CHARS = 300;

    /** Numbers with more different values than this are not classes. */
    private static final int MAX_NUMBER_CLASSES = 20;

    /**
     * Reads a file to its end.
     *
     * @param regression whether labels are numbers; empty lets the labels tell
     * @throws IllegalArgumentException if it holds no example, or too many different labels
     */
    public static DataSummary of(LineSource lines, Optional<Boolean> regression) throws IOException {
        Reading reading = new Reading();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            reading.add(lines, line);
        }
        boolean numbers = regression.orElseGet(reading::looksLikeRegression);
        if (reading.examples == 0) {
            throw new IllegalArgumentException("expected examples with id, text and label, got none"
                    + reading.firstOther.map(fault -> ": " + fault).orElse(""));
        }
        if (!numbers && reading.tooManyLabels) {
            throw new IllegalArgumentException("expected at most " + MAX_LABELS
                    + " different labels, got more. Name the column of the labels with --label, or give --regression for"
                    + " labels that are numbers.");
        }
        return new DataSummary(
                reading.examples,
                reading.others,
                reading.firstOther,
                numbers ? Map.of() : reading.labels,
                numbers,
                reading.pairs * 2 > reading.examples,
                reading.maxChars,
                reading.sample);
    }

    /** The sums so far. */
    private static final class Reading {

        private final Map<String, Long> labels = new TreeMap<>();
        private final List<TextInput> sample = new ArrayList<>();
        private Optional<String> firstOther = Optional.empty();
        private long examples;
        private long others;
        private long pairs;
        private int maxChars;
        private boolean tooManyLabels;
        private boolean allNumbers = true;
        private boolean fractions;

        private void add(LineSource lines, byte[] line) {
            if (lines.fault().isPresent()) {
                other(lines, lines.fault().get().detail());
                return;
            }
            JsonNode example;
            try {
                example = Json.mapper().readTree(line);
            } catch (IOException e) {
                other(lines, Json.fault(e));
                return;
            }
            String text = example.path("text").asText("");
            String label = example.path("label").asText("");
            if (text.isBlank() || label.isBlank()) {
                other(lines, text.isBlank() ? "it has no text" : "it has no label");
                return;
            }
            examples++;
            label(label);
            String pair = example.path("textPair").asText("");
            pairs += pair.isEmpty() ? 0 : 1;
            maxChars = Math.max(maxChars, Math.max(text.length(), pair.length()));
            if (sample.size() < SAMPLE) {
                sample.add(new TextInput(text, pair.isEmpty() ? null : pair));
            }
        }

        private void other(LineSource lines, String fault) {
            others++;
            if (firstOther.isEmpty()) {
                firstOther = Optional.of(LogSafe.line(lines.position() + ": " + fault, MAX_FAULT_CHARS));
            }
        }

        private void label(String label) {
            allNumbers &= NumberLabel.parse(label).isPresent();
            fractions |= label.indexOf('.') >= 0;
            if (labels.size() < MAX_LABELS || labels.containsKey(label)) {
                labels.merge(label, 1L, Long::sum);
            } else {
                tooManyLabels = true;
            }
        }

        private boolean looksLikeRegression() {
            return examples > 0 && allNumbers && (fractions || labels.size() > MAX_NUMBER_CLASSES);
        }
    }
}
