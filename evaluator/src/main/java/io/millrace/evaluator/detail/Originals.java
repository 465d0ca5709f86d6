package io.millrace.evaluator.detail;

import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.state.ProbeAttributes;
import io.millrace.schemas.LabelledExample;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answers to the originals of perturbed examples: in the same probe set, or in another one of the task. */
final class Originals {

    private final Map<String, Map<String, Answer>> answers = new HashMap<>();

    Originals(List<ScoredSet> sets) {
        for (ScoredSet set : sets) {
            Map<String, Answer> byId = new HashMap<>();
            List<LabelledExample> examples = set.probeSet().examples();
            for (int i = 0; i < examples.size(); i++) {
                byId.put(examples.get(i).id(), set.answers().get(i));
            }
            answers.put(set.probeSet().name(), byId);
        }
    }

    /**
     * The original of a perturbed example.
     *
     * @param name it names one example of the task, whichever set names it
     * @param answer the model's answer to it
     */
    record Original(String name, Answer answer) {}

    /**
     * Finds the example that {@value ProbeAttributes#PERTURBS} names: the id of one in the same set, else
     * {@code probeSet/id}. An id may have slashes, the name of a set has none.
     */
    Optional<Original> of(String probeSet, LabelledExample perturbed) {
        return ProbeAttributes.of(perturbed, ProbeAttributes.PERTURBS)
                .flatMap(name -> find(probeSet, name).or(() -> {
                    int slash = name.indexOf('/');
                    return slash < 0 ? Optional.empty() : find(name.substring(0, slash), name.substring(slash + 1));
                }));
    }

    private Optional<Original> find(String probeSet, String id) {
        return Optional.ofNullable(answers.getOrDefault(probeSet, Map.of()).get(id))
                .map(answer -> new Original(probeSet + "/" + id, answer));
    }
}
