"""Descriptions of pillars in the words that documents about them use. Compared with documents by meaning."""

from collections.abc import Mapping

from knowledge.domain.vocabulary import Pillar

PILLARS: Mapping[Pillar, str] = {
    Pillar.EMPLOYMENT: (
        "Recruiting local people into good jobs: entry-level posts, apprenticeships, pre-employment training, work "
        "experience, the real Living Wage, staff wellbeing and careers for people who face barriers to work."
    ),
    Pillar.PROCUREMENT: (
        "Buying and commissioning for social value: spending with local suppliers and small businesses, community "
        "benefits in contracts, tenders, supply chains and local economies."
    ),
    Pillar.ESTATES: (
        "Using buildings, land and capital projects for the community: affordable housing, shared space, health hubs, "
        "car parks, high streets, redevelopment and construction."
    ),
    Pillar.ENVIRONMENT: (
        "Reducing environmental impact: net zero, carbon, energy, green plans, waste, travel and transport, air "
        "quality, green space and biodiversity."
    ),
    Pillar.PARTNERSHIP: (
        "Working as a partner in a place: with councils, universities, charities and communities, in networks of "
        "anchor organisations with a shared vision, charter, leadership and co-production."
    ),
}
