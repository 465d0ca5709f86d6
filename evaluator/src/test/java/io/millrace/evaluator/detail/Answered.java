package io.millrace.evaluator.detail;

import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ScopeScore;
import io.millrace.evaluator.score.ScoredExample;
import io.millrace.evaluator.score.ScoredNumber;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.SetDetails;
import io.millrace.evaluator.score.Sheet;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeScore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers to a probe set, written down one by one. Ids must ascend. */
public final class Answered {

    private final String name;
    private final Distribution distribution;
    private final List<LabelledExample> examples = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final List<ScopeScore> scope = new ArrayList<>();

    public Answered(String name, Distribution distribution) {
        this.name = name;
        this.distribution = distribution;
    }

    /** An example, the answer to it, and its attributes in pairs of name and value. */
    public Answered example(String id, String label, String predicted, String... attributes) {
        return example(id, label, predicted, 0.75, attributes);
    }

    /** As above, with a confidence. */
    public Answered example(String id, String label, String predicted, double confidence, String... attributes) {
        add(id, label, attributes);
        double probability = predicted.equals(label) ? confidence : 1 - confidence;
        answers.add(new ScoredExample(label, predicted, probability, confidence));
        scope.add(new ScopeScore(confidence, 10 * confidence));
        return this;
    }

    /** An example of a regression with tolerance 0.5. */
    public Answered number(String id, double label, double predicted, String... attributes) {
        add(id, Double.toString(label), attributes);
        answers.add(new ScoredNumber(label, predicted, 0.5));
        return this;
    }

    private void add(String id, String label, String... attributes) {
        Map<String, String> pairs = new TreeMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            pairs.put(attributes[i], attributes[i + 1]);
        }
        examples.add(new LabelledExample(id, "text " + id, null, label, null, null, pairs));
    }

    /** What was written down. */
    public ScoredSet set() {
        ProbeSet probeSet = ProbeSet.of(name, distribution, examples);
        return new ScoredSet(
                probeSet,
                new ProbeScore(probeSet.reference(), 0, 0, 0, 0),
                answers,
                new SetDetails(new Sheet().put("mcc", 0.5), List.of(), 0, scope));
    }
}
