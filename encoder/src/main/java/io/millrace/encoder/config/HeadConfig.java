package io.millrace.encoder.config;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The head of a sequence classification model in {@code config.json}: the meaning of its outputs. */
final class HeadConfig {

    static final String REGRESSION = "regression";
    static final String SINGLE_LABEL = "single_label_classification";
    static final String MULTI_LABEL = "multi_label_classification";

    private static final String PROBLEM_TYPE = "problem_type";
    private static final String ID2LABEL = "id2label";
    private static final Set<String> OTHER_HEADS =
            Set.of("ForTokenClassification", "ForQuestionAnswering", "ForMultipleChoice", "ForNextSentencePrediction");

    private HeadConfig() {}

    /** Refuses an unknown problem type. */
    static void requireProblemType(ConfigReader json) {
        String type = json.text(PROBLEM_TYPE, "");
        if (!type.isEmpty() && !Set.of(REGRESSION, SINGLE_LABEL, MULTI_LABEL).contains(type)) {
            throw json.wrong(PROBLEM_TYPE, REGRESSION + ", " + SINGLE_LABEL + " or " + MULTI_LABEL);
        }
    }

    /**
     * The head as transformers would take it; absent if the weights are those of another kind of head.
     *
     * @param rows outputs that the weights have
     */
    static Optional<OutputHead> of(ConfigReader json, int rows) {
        if (isOther(json)) {
            return Optional.empty();
        }
        String type = json.text(PROBLEM_TYPE, "");
        List<String> labels = labels(json, rows, type);
        boolean one = labels.size() == 1;
        if (type.equals(MULTI_LABEL)) {
            return Optional.of(OutputHead.multiLabel(labels));
        }
        if (type.equals(REGRESSION) && !one) {
            throw json.wrong(
                    PROBLEM_TYPE, "other than " + REGRESSION + " for a head with " + labels.size() + " outputs");
        }
        // A head that grows begins with the first label of the stream: one class, as it was saved.
        return Optional.of(one && !type.equals(SINGLE_LABEL) ? OutputHead.score() : OutputHead.classes(labels));
    }

    private static boolean isOther(ConfigReader json) {
        JsonNode architectures = json.object().path("architectures");
        for (JsonNode architecture : architectures) {
            if (OTHER_HEADS.stream().noneMatch(architecture.asText()::endsWith)) {
                return false;
            }
        }
        return !architectures.isEmpty();
    }

    private static List<String> labels(ConfigReader json, int rows, String type) {
        JsonNode id2label = json.object().path(ID2LABEL);
        boolean stated = json.object().hasNonNull("num_labels");
        int count = stated ? json.size("num_labels") : rows;
        if (!json.object().hasNonNull(ID2LABEL)) {
            if (count == 1 && !stated && !type.equals(REGRESSION)) {
                throw json.wrong(ID2LABEL, "an object that names the one output");
            }
            return OutputHead.defaultNames(count);
        }
        if (stated && count != id2label.size()) {
            throw json.wrong("num_labels", "the " + id2label.size() + " of id2label");
        }
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < id2label.size(); i++) {
            JsonNode label = id2label.get(Integer.toString(i));
            if (label == null || !(label.isTextual() || label.isNumber())) {
                throw json.wrong(ID2LABEL, "an object with the keys 0 to " + (id2label.size() - 1));
            }
            labels.add(label.asText());
        }
        if (labels.isEmpty() || new HashSet<>(labels).size() < labels.size()) {
            throw json.wrong(ID2LABEL, "an object with a label of its own for each output");
        }
        return labels;
    }
}
