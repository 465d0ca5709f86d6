package io.millrace.encoder;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;
import io.millrace.encoder.torchscript.Workers;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The weights of one model within one step: brought into the compute type once, for all of its passes. In training they are the leaves of
 * the gradient graphs, and several threads may run passes on them at once. They live as long as the step's manager.
 */
public final class StepWeights {

    private final TorchScriptModule kernels;
    private final List<Places.Place> places;
    private final NDManager scope;
    private final Trained of;
    private final boolean isTrained;
    private final NDArray table;
    private final NDList prepared;
    private final int[] leaves;
    private final boolean trainsWords;
    private final Optional<NDArray> tokenWords;
    private final NDList decoder;

    /**
     * What is trained together.
     *
     * @param rows the rows of the word embedding, for an objective without masked-token prediction
     * @param decoder that of a masked autoencoder
     */
    public record Trained(Weights weights, Optional<WordRows> rows, Optional<ShallowDecoder> decoder) {}

    /** Weights that nobody trains. */
    StepWeights(TorchScriptModule kernels, List<Places.Place> places, NDManager scope, Weights weights) {
        this(kernels, places, scope, new Trained(weights, Optional.empty(), Optional.empty()), false);
    }

    /** Weights that are trained. */
    StepWeights(TorchScriptModule kernels, List<Places.Place> places, NDManager scope, Trained trained) {
        this(kernels, places, scope, trained, true);
    }

    private StepWeights(
            TorchScriptModule kernels, List<Places.Place> places, NDManager scope, Trained of, boolean isTrained) {
        this.kernels = kernels;
        this.places = places;
        this.scope = scope;
        this.of = of;
        this.isTrained = isTrained;
        NDList weights = of.weights().inKernelOrder();
        List<String> names = of.weights().names();
        BitSet moving = new BitSet();
        for (int i = 0; i < places.size(); i++) {
            moving.set(i, places.get(i).parts().stream().anyMatch(part -> of.weights()
                    .isMoving(names.get(part))));
        }
        trainsWords = of.weights().isMoving(names.get(0));
        table = of.rows().map(WordRows::table).orElse(weights.get(0));
        try (GradMode off = GradMode.off()) {
            prepared =
                    of.weights().isWhole() ? kernels.call(scope, "prepare", weights) : partlyPrepared(weights, moving);
            // Words have a leaf of their own wherever they are looked up.
            IntStream all = IntStream.range(1, prepared.size());
            leaves = (of.weights().isWhole() ? all : all.filter(moving::get)).toArray();
            decoder = of.decoder()
                    .map(shallow -> kernels.call(scope, "prepare_decoder", shallow.inKernelOrder()))
                    .orElseGet(NDList::new);
            tokenWords = isTrained && of.rows().isEmpty() ? tokenWords(weights.get(0)) : Optional.empty();
        }
        if (isTrained) {
            view(scope).leaves().forEach(leaf -> leaf.setRequiresGradient(true));
        }
    }

    /** What stays as it is, as it was brought into form at the first step, and the rest anew. */
    private NDList partlyPrepared(NDList weights, BitSet moving) {
        List<NDArray> staying =
                of.weights().preparedOnce().places(kernels, of.weights().withoutAdapters(weights), moving::get);
        NDList all = new NDList();
        for (int i = 0; i < places.size(); i++) {
            Places.Place place = places.get(i);
            if (moving.get(i)) {
                all.add(kernels.call(scope, place.kernel(), parts(place, weights))
                        .get(0));
            } else {
                // After those that stay come adapters: of a matrix without one, a placeholder.
                all.add(
                        i < staying.size()
                                ? staying.get(i)
                                : weights.get(place.parts().get(0)));
            }
        }
        return all;
    }

    private static NDList parts(Places.Place place, NDList weights) {
        NDList parts = new NDList();
        place.parts().forEach(part -> parts.add(weights.get(part)));
        return parts;
    }

    private Optional<NDArray> tokenWords(NDArray words) {
        if (trainsWords) {
            return Optional.of(kernels.call(scope, "prepare_words", words).get(0));
        }
        return of.weights().movesTokenHead()
                ? Optional.of(of.weights().preparedOnce().tokenWords(kernels, words))
                : Optional.empty();
    }

    /** The same weights for passes on another thread: DJL writes a name on each array that it gives to a kernel. */
    View view(NDManager shorter) {
        return new View(
                same(shorter, new NDList(table)).get(0),
                same(shorter, prepared),
                tokenWords.map(words -> same(shorter, new NDList(words)).get(0)),
                decoder.isEmpty() ? decoder : same(shorter, decoder),
                of.rows(),
                isTrained ? leaves : new int[0],
                isTrained && trainsWords);
    }

    private NDList same(NDManager shorter, NDList arrays) {
        return kernels.call(shorter, "same", arrays);
    }

    /**
     * What one thread reads.
     *
     * @param table rows that words are looked up in
     * @param prepared the encoder and its heads
     * @param tokenWords the word embedding as the masked-token head reads it, if that is trained
     * @param decoder of a masked autoencoder; empty without
     * @param rows if the table holds only some rows of the embedding
     * @param places in {@code prepared} of the leaves of a gradient graph
     * @param trainsWords whether the word embedding is trained, too
     */
    record View(
            NDArray table,
            NDList prepared,
            Optional<NDArray> tokenWords,
            NDList decoder,
            Optional<WordRows> rows,
            int[] places,
            boolean trainsWords) {

        /** The leaves but for the words that are looked up. */
        NDList leaves() {
            NDList leaves = new NDList();
            for (int place : places) {
                leaves.add(prepared.get(place));
            }
            if (trainsWords) {
                tokenWords.ifPresent(leaves::add);
            }
            leaves.addAll(decoder);
            return leaves;
        }
    }

    /**
     * The gradients of a mini-batch, summed over its parts in their order. 32-bit, under the step's manager.
     *
     * @param trained names of the weights that are trained
     * @param parts what {@link ForwardPass#gradients} gave for each part of the mini-batch
     * @param workers threads that share the sums
     * @return one per name, in their order; with {@link WordRows}, that of the word embedding has a row per token that the step reads
     */
    public NDList gradients(Iterable<String> trained, List<PartGradients> parts, Workers workers) {
        try (GradMode off = GradMode.off()) {
            NDList sum = sum(parts, workers);
            Map<String, NDArray> byName = new HashMap<>();
            int encoders = leaves.length + (trainsWords && tokenWords.isPresent() ? 1 : 0);
            if (of.weights().isWhole()) {
                List<String> names = of.weights().names();
                NDList encoder = kernels.call(
                        scope,
                        "encoder_gradients",
                        new NDList(sum.subList(0, encoders)),
                        withoutFirst(of.weights().inKernelOrder()));
                for (int i = 1; i < names.size(); i++) {
                    byName.put(names.get(i), encoder.get(i - 1));
                }
                byName.put(names.get(0), ofWords(tokenWords.map(words -> encoder.get(encoder.size() - 1)), parts));
            } else {
                byName.putAll(ofSome(new NDList(sum.subList(0, encoders))));
            }
            if (!decoder.isEmpty()) {
                NDList gradients = kernels.call(
                        scope,
                        "decoder_gradients",
                        new NDList(sum.subList(encoders, sum.size())),
                        of.decoder().orElseThrow().inKernelOrder());
                int i = 0;
                for (String name : of.decoder().orElseThrow().byName().keySet()) {
                    byName.put(name, gradients.get(i++));
                }
            }
            NDList inOrder = new NDList();
            trained.forEach(name -> inOrder.add(requireNonNull(byName.get(name), name)));
            return inOrder;
        }
    }

    private NDList sum(List<PartGradients> parts, Workers workers) {
        NDList sum = new NDList();
        long[] sizes = parts.get(0).leaves().stream().mapToLong(NDArray::size).toArray();
        workers.overRanges(sizes, (from, to) -> {
                    try (GradMode off = GradMode.off()) {
                        NDList some = new NDList(parts.get(0).leaves().subList(from, to));
                        for (PartGradients part : parts.subList(1, parts.size())) {
                            some = kernels.call(
                                    scope,
                                    "sum_gradients",
                                    some,
                                    new NDList(part.leaves().subList(from, to)));
                        }
                        return some;
                    }
                })
                .forEach(sum::addAll);
        return sum;
    }

    /** The gradients of the weights that are trained, from those of their places. */
    private Map<String, NDArray> ofSome(NDList ofPlaces) {
        NDList weights = of.weights().inKernelOrder();
        List<String> names = of.weights().names();
        List<String> joined = new ArrayList<>();
        NDList parts = new NDList();
        long[] counts = new long[leaves.length];
        for (int i = 0; i < leaves.length; i++) {
            for (int part : places.get(leaves[i]).parts()) {
                joined.add(names.get(part));
                parts.add(weights.get(part));
                counts[i]++;
            }
        }
        NDList gradients = kernels.call(
                scope, "place_gradients", ofPlaces, parts, Uploads.host(scope).create(counts));
        Map<String, NDArray> byName = new HashMap<>();
        for (int i = 0; i < gradients.size(); i++) {
            byName.put(joined.get(i), gradients.get(i));
        }
        return byName;
    }

    private static NDList withoutFirst(NDList arrays) {
        return new NDList(arrays.subList(1, arrays.size()));
    }

    /** The gradient of the word embedding: that of the masked-token head, if it is read, and those of the words looked up. */
    private NDArray ofWords(Optional<NDArray> ofTokenHead, List<PartGradients> parts) {
        NDArray whole = ofTokenHead.orElseGet(
                () -> scope.zeros(of.rows().map(WordRows::gradient).orElseGet(() -> table.getShape())));
        NDList ids = new NDList();
        NDList gradients = new NDList();
        for (PartGradients part : parts) {
            ids.addAll(part.ids());
            gradients.addAll(part.lookups());
        }
        return ids.isEmpty()
                ? whole
                : kernels.call(scope, "add_lookups", whole, ids, gradients).get(0);
    }

    /**
     * The gradients of one part of a mini-batch.
     *
     * @param leaves those of the prepared weights
     * @param ids of every lookup of words, which rows of the embedding's gradient they belong to, each of shape [n]
     * @param lookups the gradients of these rows, each of shape [n, width]
     */
    public record PartGradients(NDList leaves, NDList ids, NDList lookups) {}
}
