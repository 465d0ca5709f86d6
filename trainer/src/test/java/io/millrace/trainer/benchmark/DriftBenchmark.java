package io.millrace.trainer.benchmark;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.DriftDetector;
import io.millrace.trainer.config.DriftMetricConfig;
import io.millrace.trainer.config.WatchedMetric;
import io.millrace.trainer.drift.DriftTasks;
import io.millrace.trainer.drift.Observation;
import io.millrace.trainer.drift.RecordedStream;
import io.millrace.trainer.drift.StreamDrift;
import io.millrace.trainer.drift.SyntheticStream;
import io.millrace.trainer.drift.SyntheticStream.Properties;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Delay, false alarms and episode recall of every detector, on synthetic streams and on recorded ones. {@code benchmarks/drift.sh} runs it.
 * Prints one table. An alarm is the start of an episode. One that comes within {@value #MAX_DELAY} examples after a drift has found it; any
 * other is false.
 */
public final class DriftBenchmark {

    private static final int MAX_DELAY = 1_500;
    private static final int SEEDS = 10;
    private static final int STABLE = 20_000;
    private static final int BEFORE = 3_000;
    private static final int DOMAIN = 1_500;

    /** Where alarms were raised, by a rule. */
    @FunctionalInterface
    private interface Rule {
        List<Integer> alarms(List<Observation> stream);
    }

    /** A stream, and where it drifts. */
    private record Stream(List<Observation> observations, List<Integer> drifts) {}

    /** What a rule did on streams of one kind. */
    private record Outcome(int drifts, List<Integer> delays, int falseAlarms, long stable) {

        private String cell() {
            String alarms = stable == 0 ? "" : String.format(Locale.ROOT, "%.2f", falseAlarms * 10_000.0 / stable);
            if (drifts == 0) {
                return alarms;
            }
            Collections.sort(delays);
            String delay = delays.isEmpty() ? "" : Integer.toString(delays.get(delays.size() / 2));
            return String.format(Locale.ROOT, "%d/%d, %s, %s", delays.size(), drifts, delay, alarms);
        }
    }

    private DriftBenchmark() {}

    /**
     * Runs it.
     *
     * @param arguments none for the synthetic streams alone; else an encoder and files of examples: CLINC150 with a shift after 5,025
     *     examples, CLINC150 by domain, tweets in the order of their time
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, List<Stream>> columns = synthetic();
        if (arguments.length > 0) {
            Path encoder = Path.of(arguments[0]);
            List<LabelledExample> shift = RecordedStream.read(Path.of(arguments[1]));
            List<LabelledExample> byDomain = RecordedStream.read(Path.of(arguments[2]));
            List<LabelledExample> tweets = RecordedStream.read(Path.of(arguments[3]));
            List<Integer> domains = new ArrayList<>();
            for (int at = DOMAIN; at < byDomain.size(); at += DOMAIN) {
                domains.add(at);
            }
            columns.put("CLINC, shift", recorded(encoder, shift, List.of(5_025)));
            columns.put("CLINC, domains", recorded(encoder, byDomain, domains));
            columns.put("CLINC, shuffled", recorded(encoder, shuffled(shift), List.of()));
            columns.put("tweets", recorded(encoder, tweets.subList(0, STABLE), List.of()));
            columns.put("tweets, shuffled", recorded(encoder, shuffled(tweets).subList(0, STABLE), List.of()));
        }
        System.out.println("| detector | " + String.join(" | ", columns.keySet()) + " |");
        System.out.println("|---".repeat(columns.size() + 1) + "|");
        rules().forEach((name, rule) -> {
            StringBuilder row = new StringBuilder("| ").append(name);
            columns.values().forEach(streams -> row.append(" | ")
                    .append(outcome(rule, streams).cell()));
            System.out.println(row.append(" |"));
        });
    }

    private static List<LabelledExample> shuffled(List<LabelledExample> stream) {
        List<LabelledExample> shuffled = new ArrayList<>(stream);
        Collections.shuffle(shuffled, new Random(1));
        return shuffled;
    }

    private static List<Stream> recorded(Path encoder, List<LabelledExample> stream, List<Integer> drifts) {
        return List.of(new Stream(RecordedStream.observe(encoder, stream), drifts));
    }

    private static Map<String, List<Stream>> synthetic() {
        Map<String, List<Stream>> columns = new LinkedHashMap<>();
        columns.put("independent", stable(false));
        columns.put("bursts", stable(true));
        Properties before = Properties.STABLE;
        columns.put("errors 0.2 to 0.4", drifting(before.withError(0.4)));
        columns.put("errors 0.2 to 0.3", drifting(before.withError(0.3)));
        columns.put("half of the labels", drifting(before.withLabels(10)));
        columns.put("texts 40 % longer", drifting(before.withWords(14)));
        columns.put("texts 30 % shorter", drifting(before.withWords(7)));
        columns.put("10 % unknown", drifting(before.withUnknown(0.1)));
        columns.put("30 % new words", drifting(before.withNewWords(0.3)));
        columns.put("embeddings moved", drifting(before.withShift(1)));
        return columns;
    }

    private static List<Stream> stable(boolean isBursty) {
        List<Stream> streams = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            streams.add(new Stream(new SyntheticStream(seed, isBursty).next(STABLE), List.of()));
        }
        return streams;
    }

    /** Drifts among bursts, the harder case. */
    private static List<Stream> drifting(Properties after) {
        List<Stream> streams = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            SyntheticStream stream = new SyntheticStream(1_000 + seed, true);
            List<Observation> observations = new ArrayList<>(stream.next(BEFORE));
            stream.become(after);
            observations.addAll(stream.next(MAX_DELAY));
            streams.add(new Stream(observations, List.of(BEFORE)));
        }
        return streams;
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        for (DriftDetector detector : DriftDetector.values()) {
            rules.put(
                    "errors: " + detector.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    watching(DriftTasks.only(detector, WatchedMetric.PREQUENTIAL_ACCURACY)));
        }
        for (WatchedMetric metric : WatchedMetric.values()) {
            if (metric != WatchedMetric.PREQUENTIAL_ACCURACY) {
                rules.put(metric.wireName(), watching(DriftTasks.only(DriftDetector.E_DETECTOR, metric)));
            }
        }
        rules.put("the defaults together", watching(DriftConfig.defaults()));
        rules.put(
                "all together",
                watching(new DriftConfig(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of(WatchedMetric.EMBEDDINGS, new DriftMetricConfig(true, null, null)))));
        rules.put("always, every 100", stream -> every(stream.size(), 100));
        rules.put("at random, 1 in 1,000", stream -> atRandom(stream.size()));
        rules.put("never", stream -> List.of());
        return rules;
    }

    private static List<Integer> every(int examples, int period) {
        List<Integer> alarms = new ArrayList<>();
        for (int at = period; at < examples; at += period) {
            alarms.add(at);
        }
        return alarms;
    }

    private static List<Integer> atRandom(int examples) {
        Random random = new Random(examples);
        List<Integer> alarms = new ArrayList<>();
        for (int at = 0; at < examples; at++) {
            if (random.nextInt(1_000) == 0) {
                alarms.add(at);
            }
        }
        return alarms;
    }

    /** One alarm per episode, at its first start. */
    private static Rule watching(DriftConfig config) {
        return stream -> {
            StreamDrift watch = new StreamDrift(DriftTasks.task(config));
            Set<String> episodes = new LinkedHashSet<>();
            List<Integer> alarms = new ArrayList<>();
            for (int at = 0; at < stream.size(); at++) {
                for (DriftEvent event : watch.add(0, at, List.of(stream.get(at)))) {
                    if (event.phase() == DriftPhase.STARTED
                            && event.episode() != null
                            && episodes.add(event.episode().id())) {
                        alarms.add(at);
                    }
                }
            }
            return alarms;
        };
    }

    private static Outcome outcome(Rule rule, List<Stream> streams) {
        int drifts = 0;
        List<Integer> delays = new ArrayList<>();
        int falseAlarms = 0;
        long stable = 0;
        for (Stream stream : streams) {
            drifts += stream.drifts().size();
            stable += stream.observations().size();
            Set<Integer> found = new LinkedHashSet<>();
            for (int alarm : rule.alarms(stream.observations())) {
                int drift = -1;
                for (int at : stream.drifts()) {
                    drift = at <= alarm && alarm < at + MAX_DELAY ? at : drift;
                }
                if (drift < 0) {
                    falseAlarms++;
                } else if (found.add(drift)) {
                    delays.add(alarm - drift);
                }
            }
            stable -= (long) stream.drifts().size() * MAX_DELAY;
        }
        return new Outcome(drifts, delays, falseAlarms, Math.max(0, stable));
    }
}
