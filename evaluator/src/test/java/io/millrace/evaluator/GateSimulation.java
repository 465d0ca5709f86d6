package io.millrace.evaluator;

import io.millrace.evaluator.EvidenceGatherer.Answered;
import io.millrace.evaluator.EvidenceGatherer.Gathered;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.gate.Gate;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.Assessment;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.FreshExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Verdict;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** A stream of checkpoints of simulated models before the real gate, with the real history. */
final class GateSimulation {

    private static final int FRESH = 512;
    private static final Map<String, List<ProbeSet>> PROBE_SETS = new ConcurrentHashMap<>();

    private final SimulatedModels models;
    private final SplittableRandom random;
    private final EvaluatedTask task;
    private final List<ProbeSet> probeSets;
    private final EvidenceGatherer gatherer;
    private TaskHistory history;
    private long step;

    /** A stream whose first model answers 80 % of the probes right, and is the champion. */
    GateSimulation(long seed, EvaluationConfig config, int sets, int examples) {
        models = new SimulatedModels(seed);
        random = new SplittableRandom(~seed);
        task = new EvaluatedTask(EvaluatorFixtures.TASK.task(), config);
        probeSets = probeSets(sets, examples);
        gatherer = new EvidenceGatherer(
                new ChampionAnswers(model -> path(model.checkpoint().step()), models));
        history = TaskHistory.empty(config);
        models.add(path(0), probeSets, 0.8);
        judge(0, List.of(), new boolean[0]);
    }

    static List<ProbeSet> probeSets(int sets, int examples) {
        return PROBE_SETS.computeIfAbsent(sets + " of " + examples, sizes -> newProbeSets(sets, examples));
    }

    private static List<ProbeSet> newProbeSets(int sets, int examples) {
        return IntStream.range(0, sets)
                .mapToObj(set -> ProbeSet.of(
                        "set-" + set,
                        Distribution.OUT_OF_DISTRIBUTION,
                        IntStream.range(0, examples)
                                .mapToObj(i -> EvaluatorFixtures.example("id-" + i, "text", "yes"))
                                .toList()))
                .toList();
    }

    private static Path path(long step) {
        return Path.of("model-" + step);
    }

    /** The step of the champion. */
    long champion() {
        return history.current().orElseThrow().model().checkpoint().step();
    }

    /** The step of the newest checkpoint. */
    long newest() {
        return step;
    }

    /** How far the champion is below an accuracy on the worst probe set. */
    double largestLossSince(List<Double> accuracies) {
        List<Double> now = accuracies();
        return IntStream.range(0, now.size())
                .mapToDouble(i -> accuracies.get(i) - now.get(i))
                .max()
                .orElseThrow();
    }

    /** The champion's accuracy per probe set. */
    List<Double> accuracies() {
        return history.current().orElseThrow().scores().stream()
                .map(ProbeScore::accuracy)
                .toList();
    }

    /**
     * Judges one more checkpoint.
     *
     * @param parent step of the model that it differs from
     * @param gained share of answers that it has right and the parent wrong, on probes and, against the champion, on fresh
     *     examples
     * @param lost the reverse
     */
    Assessment judge(long parent, double gained, double lost) {
        step++;
        models.breed(path(step), path(parent), probeSets, gained, lost);
        List<FreshExample> live = new ArrayList<>();
        boolean[] champion = new boolean[FRESH];
        for (int i = 0; i < FRESH; i++) {
            double draw = random.nextDouble();
            live.add(new FreshExample(probeSets.get(0).examples().get(0), draw >= lost));
            champion[i] = draw < lost || draw >= lost + gained;
        }
        return judge(step, live, champion);
    }

    /** Judges a checkpoint that is as good as the champion on every probe set, with {@code swapped} answers changed each way. */
    Assessment judgeEqual(int swapped) {
        step++;
        models.swap(path(step), path(champion()), probeSets, swapped);
        return judge(step, List.of(), new boolean[0]);
    }

    private Assessment judge(long step, List<FreshExample> fresh, boolean[] championIsRight) {
        CheckpointReference checkpoint = EvaluatorFixtures.checkpoint(step);
        CheckpointAnnouncement announcement = EvaluatorFixtures.announcement(checkpoint);
        models.championIsRight(championIsRight);
        Answered answered = new Answered(
                task,
                new Announced(announcement, Instant.EPOCH.plusSeconds(step)),
                fresh,
                models.answers(path(step), task, probeSets),
                0);
        Gathered gathered = gatherer.gather(answered, history);
        Gate.Decision decision = Gate.decide(gathered.numbers(), answered.scores());
        history = history.after(new ModelUpdate(
                decision.assessment().promotes() ? Verdict.PROMOTED : Verdict.REJECTED,
                decision.reasons(),
                new PublishedModel(checkpoint, "there", "hash"),
                answered.scores(),
                gathered.current().orElse(null),
                new Lineage(null, announcement.offsets()),
                decision.assessment(),
                gathered.numbers()));
        return decision.assessment();
    }
}
