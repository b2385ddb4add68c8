"""What tests compare of reports and libraries."""


def counts(report):
    return (report.added, report.updated, report.unchanged, report.removed)


def ids(library):
    return {document.id for document in library.store.documents()}
