package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.ProbeScore;

import java.util.BitSet;
import java.util.List;

/**
 * A model's answers to one probe set, and their scores.
 *
 * @param probeSet what was asked
 * @param score the scores of the answers
 * @param answers one per example, in the order of the probe set
 * @param details further scores
 */
public record ScoredSet(ProbeSet probeSet, ProbeScore score, List<Answer> answers, SetDetails details) {

    public ScoredSet {
        answers = List.copyOf(answers);
        if (answers.size() != probeSet.examples().size()) {
            throw new IllegalArgumentException(
                    "probe set " + probeSet.name() + " must have one answer per example: expected "
                            + probeSet.examples().size() + ", got " + answers.size());
        }
    }

    /** Without further scores. */
    public ScoredSet(ProbeSet probeSet, ProbeScore score, List<Answer> answers) {
        this(probeSet, score, answers, SetDetails.none());
    }

    /** Whether the answers are labels, and not the numbers of a regression. */
    public boolean isClassified() {
        return answers.stream().allMatch(ScoredExample.class::isInstance);
    }

    /** The examples that were answered right: bit i is example i of the probe set. */
    public BitSet right() {
        BitSet right = new BitSet(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            right.set(i, answers.get(i).correct());
        }
        return right;
    }
}
