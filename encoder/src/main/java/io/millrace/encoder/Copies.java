package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.Workers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies of arrays, made by several threads at once: most of the time goes into memory that is touched for the first time. */
public final class Copies {

    private Copies() {}

    /** A copy of each array under the same name, in the same order, below {@code owner}. */
    public static Map<String, NDArray> of(Map<String, NDArray> arrays, NDManager owner, Workers workers) {
        List<NDArray> from = List.copyOf(arrays.values());
        List<NDArray> copies = new ArrayList<>();
        long[] sizes = from.stream().mapToLong(NDArray::size).toArray();
        workers.overRanges(sizes, (first, next) -> copies(from.subList(first, next), owner))
                .forEach(copies::addAll);
        Map<String, NDArray> byName = new LinkedHashMap<>();
        Iterator<NDArray> copy = copies.iterator();
        arrays.keySet().forEach(name -> byName.put(name, copy.next()));
        return byName;
    }

    private static List<NDArray> copies(Collection<NDArray> some, NDManager owner) {
        List<NDArray> copies = new ArrayList<>();
        try (GradMode off = GradMode.off()) {
            for (NDArray array : some) {
                NDArray copy = array.duplicate();
                copy.attach(owner);
                copies.add(copy);
            }
        }
        return copies;
    }
}
