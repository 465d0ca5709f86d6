package io.millrace.trainer.benchmark;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.DriftDetector;
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
import java.util.Arrays;
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
    private static final int SHIFT = 5_025;
    private static final int TWEETS = 8_000;

    /** 500 steps of 32 examples, as by default. */
    private static final int CHECKPOINT = 16_000;

    /** So that 64 checkpoints and a new reference fit between two domains. */
    private static final int SHORT_CHECKPOINT = 10;

    private static final DriftConfig SHORT =
            new DriftConfig(200, null, null, null, Map.of("embeddings", 10_000L), null, 400, 100, null);

    /** Where alarms were raised, by a rule. */
    @FunctionalInterface
    private interface Rule {
        List<Integer> alarms(List<Observation> stream);
    }

    /** A stream, and where it drifts. */
    private record Stream(List<Observation> observations, List<Integer> drifts) {}

    /** A row: a rule, and the synthetic drifts that it is for. */
    private record Row(String name, Rule rule, List<String> drifts) {}

    /** What a rule did on streams of one kind. */
    private record Outcome(int drifts, List<Integer> delays, int falseAlarms, long stable) {

        private String falseAlarmRate() {
            return stable == 0 ? "" : String.format(Locale.ROOT, "%.2f", falseAlarms * 10_000.0 / stable);
        }

        private String recall() {
            return delays.size() + " of " + drifts;
        }

        private String delay() {
            Collections.sort(delays);
            return delays.isEmpty() ? "" : Integer.toString(delays.get(delays.size() / 2));
        }
    }

    private DriftBenchmark() {}

    /**
     * Runs it.
     *
     * @param arguments none for the synthetic streams alone; else a model (see RecordedStream) and files of examples: CLINC150 with a shift after 5,025
     *     examples, CLINC150 by domain, tweets in the order of their time
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, List<Stream>> drifts = drifts();
        Map<String, List<Stream>> real = arguments.length == 0 ? Map.of() : real(arguments);
        Map<String, List<Stream>> stable = new LinkedHashMap<>();
        stable.put("independent", stable(false));
        stable.put("bursts", stable(true));
        stable.putAll(real);
        stable.values().removeIf(streams -> !streams.get(0).drifts().isEmpty());
        List<String> header = new ArrayList<>(List.of("detector", "synthetic drifts found", "delay"));
        stable.keySet().forEach(name -> header.add("alarms, " + name));
        real.forEach((name, streams) -> {
            if (!streams.get(0).drifts().isEmpty()) {
                header.addAll(List.of(name + ": found", "delay", "false alarms"));
            }
        });
        print(header);
        print(Collections.nCopies(header.size(), "---"));
        for (Row row : rows()) {
            List<String> cells = new ArrayList<>(List.of(row.name()));
            Outcome own = outcome(
                    row.rule(),
                    row.drifts().stream()
                            .flatMap(kind -> drifts.getOrDefault(kind, List.of()).stream())
                            .toList());
            cells.addAll(List.of(own.recall(), own.delay()));
            stable.values()
                    .forEach(streams -> cells.add(outcome(row.rule(), streams).falseAlarmRate()));
            for (List<Stream> streams : real.values()) {
                if (!streams.get(0).drifts().isEmpty()) {
                    Outcome found = outcome(row.rule(), streams);
                    cells.addAll(List.of(found.recall(), found.delay(), found.falseAlarmRate()));
                }
            }
            print(cells);
        }
    }

    private static void print(List<String> cells) {
        System.out.println("| " + String.join(" | ", cells) + " |");
    }

    private static Map<String, List<Stream>> real(String[] arguments) throws IOException {
        String model = arguments[0];
        List<LabelledExample> shift = RecordedStream.read(Path.of(arguments[1]));
        List<LabelledExample> byDomain = RecordedStream.read(Path.of(arguments[2]));
        List<LabelledExample> tweets = RecordedStream.read(Path.of(arguments[3]));
        List<Integer> domains = new ArrayList<>();
        for (int at = DOMAIN; at < byDomain.size(); at += DOMAIN) {
            domains.add(at);
        }
        Map<String, List<Stream>> real = new LinkedHashMap<>();
        real.put("CLINC150 with a shift", recorded(model, shift, List.of(SHIFT)));
        real.put("CLINC150 by domain", recorded(model, byDomain, domains));
        real.put("tweets shuffled", recorded(model, shuffled(tweets).subList(0, TWEETS), List.of()));
        real.put("tweets in time", recorded(model, tweets.subList(0, TWEETS), List.of()));
        real.put("CLINC150 shuffled", recorded(model, shuffled(shift), List.of()));
        return real;
    }

    private static List<LabelledExample> shuffled(List<LabelledExample> stream) {
        List<LabelledExample> shuffled = new ArrayList<>(stream);
        Collections.shuffle(shuffled, new Random(1));
        return shuffled;
    }

    private static List<Stream> recorded(String model, List<LabelledExample> stream, List<Integer> drifts) {
        return List.of(new Stream(RecordedStream.observe(model, stream), drifts));
    }

    /** By metric, streams that drift in it. */
    private static Map<String, List<Stream>> drifts() {
        Properties before = Properties.STABLE;
        Map<String, List<Stream>> drifts = new LinkedHashMap<>();
        drifts.put("prequentialAccuracy", drifting(before.withError(0.4), before.withError(0.3)));
        drifts.put("labelMix", drifting(before.withLabels(10)));
        drifts.put("textLength", drifting(before.withWords(14), before.withWords(7)));
        drifts.put("unknownTokens", drifting(before.withUnknown(0.1)));
        drifts.put("vocabulary", drifting(before.withNewWords(0.3)));
        drifts.put("embeddings", drifting(before.withShift(1)));
        return drifts;
    }

    private static List<Stream> stable(boolean isBursty) {
        List<Stream> streams = new ArrayList<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            streams.add(new Stream(new SyntheticStream(seed, isBursty).next(STABLE), List.of()));
        }
        return streams;
    }

    /** Drifts among bursts, the harder case. */
    private static List<Stream> drifting(Properties... kinds) {
        List<Stream> streams = new ArrayList<>();
        for (Properties after : kinds) {
            for (int seed = 0; seed < SEEDS; seed++) {
                SyntheticStream stream = new SyntheticStream(1_000 + seed, true);
                List<Observation> observations = new ArrayList<>(stream.next(BEFORE));
                stream.become(after);
                observations.addAll(stream.next(MAX_DELAY));
                streams.add(new Stream(observations, List.of(BEFORE)));
            }
        }
        return streams;
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (DriftDetector detector : DriftDetector.values()) {
            rows.add(new Row(
                    "errors, " + detector.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    watching(DriftTasks.only(detector, WatchedMetric.PREQUENTIAL_ACCURACY), CHECKPOINT),
                    List.of(WatchedMetric.PREQUENTIAL_ACCURACY.wireName())));
        }
        for (WatchedMetric metric : WatchedMetric.values()) {
            if (metric != WatchedMetric.PREQUENTIAL_ACCURACY) {
                rows.add(new Row(
                        metric.wireName(),
                        watching(DriftTasks.only(DriftDetector.E_DETECTOR, metric), CHECKPOINT),
                        List.of(metric.wireName())));
            }
        }
        List<String> all = Arrays.stream(WatchedMetric.values())
                .map(WatchedMetric::wireName)
                .toList();
        DriftConfig withEmbeddings =
                new DriftConfig(null, null, null, null, Map.of("embeddings", 10_000L), null, null, null, null);
        Random random = new Random(1);
        rows.add(new Row("episodes, by default", watching(DriftConfig.defaults(), CHECKPOINT), all));
        rows.add(new Row("episodes, with embeddings", watching(withEmbeddings, CHECKPOINT), all));
        rows.add(new Row("episodes, short reference", watching(SHORT, SHORT_CHECKPOINT), all));
        rows.add(new Row("always, every 100", stream -> every(stream.size(), 100), all));
        rows.add(new Row("at random, 1 in 1,000", stream -> atRandom(stream.size(), random), all));
        rows.add(new Row("never", stream -> List.of(), all));
        return rows;
    }

    private static List<Integer> every(int examples, int period) {
        List<Integer> alarms = new ArrayList<>();
        for (int at = period; at < examples; at += period) {
            alarms.add(at);
        }
        return alarms;
    }

    private static List<Integer> atRandom(int examples, Random random) {
        List<Integer> alarms = new ArrayList<>();
        for (int at = 0; at < examples; at++) {
            if (random.nextInt(1_000) == 0) {
                alarms.add(at);
            }
        }
        return alarms;
    }

    /** One alarm per episode, at its first start. A checkpoint comes after every {@code period} examples. */
    private static Rule watching(DriftConfig config, int period) {
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
                if ((at + 1) % period == 0) {
                    DriftTasks.checkpoint(watch);
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
