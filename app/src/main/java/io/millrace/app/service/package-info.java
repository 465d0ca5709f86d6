/** Starts and stops the services, one of them or all in one process. */
package io.millrace.app.service;
