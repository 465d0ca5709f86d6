package io.millrace.app.encoder.hub;

/**
 * A file as the hub describes it.
 *
 * @param name its name in the repository
 * @param commit the commit of the repository that it is of
 * @param bytes its size
 * @param hash its hash
 */
record HubFile(String name, String commit, long bytes, FileHash hash) {}
